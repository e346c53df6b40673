import com.sun.net.httpserver.HttpServer;
import com.wosigndoc.DocumentSource;
import com.wosigndoc.FileDeliveryStore;
import com.wosigndoc.PushEndpoint;
import com.wosigndoc.PushHttpHandler;
import com.wosigndoc.SignOrder;
import com.wosigndoc.Signer;
import com.wosigndoc.VerificationReport;
import com.wosigndoc.VerifyOptions;
import com.wosigndoc.WoSignDocClient;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A contract is sent, and taken back only when its signatures prove it:
 * TrustedSite client.json ca.pem contract.pdf material.png folder host:port
 */
public final class TrustedSite {
    public static void main(String[] args) throws Exception {
        if (args.length < 6) {
            System.err.println("usage: TrustedSite client.json ca.pem contract.pdf material.png folder host:port");
            System.exit(2);
        }
        Path ca = Paths.get(args[1]);
        Path contract = Paths.get(args[2]);
        Path folder = Paths.get(args[4]).toAbsolutePath();
        String[] address = args[5].split(":");
        // A site has them in its database.
        Map<String, SignOrder> orders = new ConcurrentHashMap<>();
        CountDownLatch stored = new CountDownLatch(1);

        // [trust]
        // The sandbox's ca.pem; for the real platform, what Verification.trustOf shows of the first contract.
        VerifyOptions trusted = VerifyOptions.builder().caFile(ca).build();
        PushEndpoint endpoint = PushEndpoint.builder(push -> {
            if (push.signed()) {
                // Whoever signed is trusted. Only the site knows who should have signed, and what.
                VerificationReport report = push.verify(trusted.toBuilder()
                        .order(orders.get(push.orderNumber())).sent(contract).build());
                if (!report.isValid()) {
                    throw new IllegalStateException("not as it was ordered: " + report);
                }
                push.moveTo(folder.resolve("signed.pdf"));
            }
            stored.countDown();
        }).verify(trusted).quarantine(folder.resolve("quarantine"))
                .store(new FileDeliveryStore(folder.resolve("deliveries"))).build();
        // [/trust]

        HttpServer server = HttpServer.create(new InetSocketAddress(address[0], Integer.parseInt(address[1])), 0);
        server.createContext("/", new PushHttpHandler(endpoint));
        server.start();
        try (WoSignDocClient client = WoSignDocClient.fromFile(Paths.get(args[0]))) {
            DocumentSource scan = DocumentSource.path(Paths.get(args[3]));
            String number = "JAVA-" + UUID.randomUUID();
            SignOrder order = SignOrder.builder(number)
                    .pdf(DocumentSource.path(contract))
                    .signer(Signer.organisation("云杉软件（示例）有限公司", "91350100M000100Y43")
                            .materials(scan, scan)
                            .signAt(3, 0.62, 0.32, 0.82, 0.4614)
                            .signAt(4, 0.17, 0.60, 0.37, 0.7414))
                    .signer(Signer.person("李明", "11010519491231002X")
                            .materials(scan, scan)
                            .signAt(4, 0.56, 0.62, 0.70, 0.719))
                    .build();
            // Before it is sent: the push may come before create() has returned.
            orders.put(number, order);
            client.create(order);
        }
        boolean arrived = stored.await(60, TimeUnit.SECONDS);
        server.stop(1);
        System.out.println(arrived ? "taken: it is really signed" : "no document to be trusted within 60 s");
        System.exit(arrived ? 0 : 1);
    }
}
