import com.wosigndoc.ClientConfig;
import com.wosigndoc.DocumentSource;
import com.wosigndoc.HttpsTransport;
import com.wosigndoc.PreflightReport;
import com.wosigndoc.SignOrder;
import com.wosigndoc.Signer;
import com.wosigndoc.WoSignDocClient;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.UUID;

/**
 * A contract is sent with a certificate whose key stays on a token:
 * TokenContract client.json ca.pem contract.pdf material.png pkcs11.cfg alias PIN
 */
public final class TokenContract {
    public static void main(String[] args) throws Exception {
        if (args.length < 7) {
            System.err.println("usage: TokenContract client.json ca.pem contract.pdf material.png pkcs11.cfg alias PIN");
            System.exit(2);
        }
        DocumentSource scan = DocumentSource.path(Paths.get(args[3]));
        SignOrder order = SignOrder.builder("JAVA-" + UUID.randomUUID())
                .pdf(DocumentSource.path(Paths.get(args[2])))
                .signer(Signer.person("李明", "11010519491231002X").materials(scan, scan).signAt(4, 0.56, 0.62, 0.70, 0.719))
                .build();
        send(Paths.get(args[0]), Paths.get(args[1]), order, args[4], args[5], args[6].toCharArray());
    }

    private static void send(Path settings, Path ca, SignOrder order, String pkcs11, String alias, char[] pin)
            throws Exception {
        // [token]
        // On Windows instead: KeyStore.getInstance("Windows-MY"), with load(null, null).
        Provider provider = Security.getProvider("SunPKCS11").configure(pkcs11);
        Security.addProvider(provider);
        KeyStore token = KeyStore.getInstance("PKCS11", provider);
        token.load(null, pin);
        // The sandbox has a CA of its own; for the real platform, leave trust() out.
        HttpsTransport transport = HttpsTransport.builder().certificate(token, alias, null).trust(ca).build();
        ClientConfig config = ClientConfig.fromFile(settings).withTransport(transport);
        PreflightReport report = config.preflight(Duration.ofSeconds(10));
        System.out.print(report.text());
        try (WoSignDocClient client = new WoSignDocClient(config)) {
            System.out.println("accepted: " + client.create(order).signid());
        }
        // [/token]
    }
}
