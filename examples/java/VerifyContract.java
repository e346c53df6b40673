import com.wosigndoc.Verification;
import com.wosigndoc.VerificationReason;
import com.wosigndoc.VerificationReport;
import com.wosigndoc.VerifyOptions;
import com.wosigndoc.WoSignDocException;
import java.nio.file.Paths;

/**
 * Says whether a contract is really signed: VerifyContract signed.pdf [roots.pem ...]
 * The exit status is 0 for a valid one, 1 for an invalid one, 2 where nobody can say, and 3 where nothing was verified.
 */
public final class VerifyContract {
    public static void main(String[] args) {
        if (args.length == 0) {
            System.err.println("usage: VerifyContract signed.pdf [roots.pem ...]");
            System.exit(3);
        }
        try {
            System.exit(verify(args));
        } catch (WoSignDocException failure) {
            System.err.println(failure.getMessage());
            System.exit(3);
        }
    }

    private static int verify(String[] args) {
        // [verify]
        VerifyOptions.Builder trusted = VerifyOptions.builder();
        for (int root = 1; root < args.length; root++) {
            trusted.caFile(Paths.get(args[root]));
        }
        VerificationReport report = Verification.verify(Paths.get(args[0]), trusted.build());
        System.out.println(report.verdict());
        for (VerificationReason reason : report.reasons()) {
            System.out.println("  " + reason.code() + ": " + reason.message());
        }
        // [/verify]
        switch (report.verdict()) {
            case VALID:
                return 0;
            case INVALID:
                return 1;
            default:
                return 2;
        }
    }
}
