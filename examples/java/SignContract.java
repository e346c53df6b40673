import com.sun.net.httpserver.HttpServer;
import com.wosigndoc.DocumentSource;
import com.wosigndoc.FileDeliveryStore;
import com.wosigndoc.PushEndpoint;
import com.wosigndoc.PushHttpHandler;
import com.wosigndoc.SignOrder;
import com.wosigndoc.SignOrderResult;
import com.wosigndoc.Signer;
import com.wosigndoc.WoSignDocClient;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A contract is sent, signed by the platform, and received:
 * SignContract client.json contract.pdf signed.pdf host:port [material.png [page page]]
 */
public final class SignContract {
    private static final long STARTED = System.nanoTime();

    public static void main(String[] args) throws Exception {
        if (args.length < 4) {
            System.err.println(
                    "usage: SignContract client.json contract.pdf signed.pdf host:port [material.png [page page]]");
            System.exit(2);
        }
        Path material = Paths.get(args.length > 4 ? args[4] : "examples/material.png");
        int inner = args.length > 6 ? Integer.parseInt(args[5]) : 3;
        int last = args.length > 6 ? Integer.parseInt(args[6]) : 4;
        Path target = Paths.get(args[2]).toAbsolutePath();
        String[] address = args[3].split(":");
        CountDownLatch stored = new CountDownLatch(1);

        // [receive]
        // The function runs only for a document that arrived whole and whose hash held. The platform is told
        // "1" when it has returned; when it throws, the platform pushes again.
        PushEndpoint endpoint = PushEndpoint.builder(push -> {
            if (push.signed()) {
                // One contract, one file: a site gives each its own name, such as push.sha256().
                push.moveTo(target);
            } else {
                System.out.println("the order failed: " + push.errorCodes());
            }
            stored.countDown();
        }).store(new FileDeliveryStore(target.resolveSibling("deliveries"))).build();

        HttpServer server = HttpServer.create(new InetSocketAddress(address[0], Integer.parseInt(address[1])), 0);
        server.createContext("/", new PushHttpHandler(endpoint));
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        // [/receive]
        say("listening on http://" + args[3] + "/");

        // [send]
        try (WoSignDocClient client = WoSignDocClient.fromFile(Paths.get(args[0]))) {
            DocumentSource scan = DocumentSource.path(material);
            SignOrder order = SignOrder.builder("JAVA-" + UUID.randomUUID())
                    .pdf(DocumentSource.path(Paths.get(args[1])))
                    .subject("软件服务合同")
                    .signer(Signer.organisation("云杉软件（示例）有限公司", "91350100M000100Y43")
                            .materials(scan, scan)
                            .signAt(inner, 0.62, 0.32, 0.82, 0.4614)
                            .signAt(last, 0.17, 0.60, 0.37, 0.7414))
                    .signer(Signer.person("李明", "11010519491231002X")
                            .materials(scan, scan)
                            .signAt(last, 0.56, 0.62, 0.70, 0.719))
                    .build();
            SignOrderResult result = client.create(order);
            System.out.println("accepted: " + result.signid());
        }
        // [/send]
        say("waiting for the signed document");
        boolean arrived = stored.await(60, TimeUnit.SECONDS);
        server.stop(1);
        ((java.util.concurrent.ExecutorService) server.getExecutor()).shutdown();
        if (!arrived || !Files.exists(target)) {
            System.err.println("no signed document within 60 s");
            System.exit(1);
        }
        say("saved " + target + " (" + Files.size(target) + " bytes)");
    }

    private static void say(String step) {
        System.out.printf("[%6d ms] %s%n", (System.nanoTime() - STARTED) / 1_000_000, step);
    }
}
