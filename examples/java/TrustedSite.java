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
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A contract is sent, and taken back only when its signatures prove it:
 * TrustedSite client.json ca.pem contract.pdf material.png folder host:port
 */
public final class TrustedSite {
    // A site has them in its database.
    private final Map<String, SignOrder> orders = Collections.synchronizedMap(new HashMap<>());
    private final CountDownLatch stored = new CountDownLatch(1);

    public static void main(String[] args) throws Exception {
        if (args.length < 6) {
            System.err.println("usage: TrustedSite client.json ca.pem contract.pdf material.png folder host:port");
            System.exit(2);
        }
        TrustedSite site = new TrustedSite();
        Path contract = Paths.get(args[2]);
        PushEndpoint endpoint = site.endpoint(Paths.get(args[1]), contract, Paths.get(args[4]).toAbsolutePath());
        HttpServer server = serve(endpoint, args[5]);
        try (WoSignDocClient client = WoSignDocClient.fromFile(Paths.get(args[0]))) {
            String number = "JAVA-" + UUID.randomUUID();
            SignOrder order = order(number, contract, Paths.get(args[3]));
            // Before it is sent: the push may come before create() has returned.
            site.orders.put(number, order);
            client.create(order);
        }
        boolean arrived = site.stored.await(60, TimeUnit.SECONDS);
        server.stop(1);
        System.out.println(arrived ? "taken: it is really signed" : "no document to be trusted within 60 s");
        System.exit(arrived ? 0 : 1);
    }

    private PushEndpoint endpoint(Path ca, Path contract, Path folder) {
        // [trust]
        // The sandbox's ca.pem; for the real platform, what Verification.trustOf shows of the first contract.
        VerifyOptions trusted = VerifyOptions.builder().caFile(ca).build();
        PushEndpoint endpoint = PushEndpoint.builder(push -> {
            if (!push.signed()) {
                // Nothing proves it: ask the platform before you act on it.
                System.out.println("said to have failed: " + push.errorCodes());
                return;
            }
            // The number is not signed. What was ordered is what the document has to be: an earlier contract of the
            // same people is valid, too.
            SignOrder order = orders.get(push.orderNumber());
            if (order == null) {
                throw new IllegalStateException("no such order: " + push.orderNumber());
            }
            VerificationReport report = push.verify(trusted.toBuilder().order(order).sent(contract).build());
            if (!report.isValid()) {
                throw new IllegalStateException("not as it was ordered: " + report);
            }
            push.moveTo(folder.resolve("signed.pdf"));
            stored.countDown();
        }).verify(trusted).quarantine(folder.resolve("quarantine"))
                .store(new FileDeliveryStore(folder.resolve("deliveries"))).build();
        // [/trust]
        return endpoint;
    }

    private static HttpServer serve(PushEndpoint endpoint, String address) throws Exception {
        String[] parts = address.split(":");
        HttpServer server = HttpServer.create(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])), 0);
        server.createContext("/", new PushHttpHandler(endpoint));
        server.start();
        return server;
    }

    private static SignOrder order(String number, Path contract, Path material) {
        DocumentSource scan = DocumentSource.path(material);
        return SignOrder.builder(number)
                .pdf(DocumentSource.path(contract))
                .signer(Signer.organisation("云杉软件（示例）有限公司", "91350100M000100Y43")
                        .materials(scan, scan)
                        .signAt(3, 0.62, 0.32, 0.82, 0.4614)
                        .signAt(4, 0.17, 0.60, 0.37, 0.7414))
                .signer(Signer.person("李明", "11010519491231002X")
                        .materials(scan, scan)
                        .signAt(4, 0.56, 0.62, 0.70, 0.719))
                .build();
    }
}
