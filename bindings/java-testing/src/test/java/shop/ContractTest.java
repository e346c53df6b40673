package shop;

// [test]
import static org.junit.jupiter.api.Assertions.*;

import com.wosigndoc.*;
import com.wosigndoc.testing.*;
import java.nio.file.*;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ContractTest {
    private static final Path CONTRACT = Paths.get("../../examples/contract.pdf");
    private static final DocumentSource SCAN = DocumentSource.path(Paths.get("../../examples/material.png"));

    // At a field of the instance: each test has a sandbox of its own, and nothing that it does is seen by another.
    @RegisterExtension
    final WoSignDocSandboxExtension platform = new WoSignDocSandboxExtension();

    private static SignOrder order(String number) {
        return SignOrder.builder(number).pdf(DocumentSource.path(CONTRACT))
                .signer(Signer.person("李明", "11010519491231002X").materials(SCAN, SCAN).signAt(4, 0.56, 0.62, 0.70, 0.719))
                .build();
    }

    /** What comes back is the contract that was sent, signed by whom it should be. */
    @Test
    void aContractIsSigned() {
        WoSignDocSandbox sandbox = platform.sandbox();
        sandbox.client().create(order("A-1"));
        ReceivedPush push = sandbox.awaitPush("A-1");
        assertTrue(push.verify(sandbox.trust().toBuilder().order(order("A-1")).sent(CONTRACT).build()).isValid());
    }

    @Test
    void theBalanceIsUsedUp() {
        WoSignDocSandbox sandbox = platform.sandbox();
        sandbox.refuse(-68);
        PlatformException refused = assertThrows(PlatformException.class, () -> sandbox.client().create(order("A-1")));
        assertEquals(-68, refused.code());
    }

    /** Three days of tries pass in seconds. */
    @Test
    void theSiteIsDownOverAHoliday() {
        WoSignDocSandbox sandbox = platform.sandbox();
        sandbox.answerPushes(503, "down", 0);
        sandbox.client().create(order("A-1"));
        sandbox.awaitState("A-1", OrderState.PUSHED);
        sandbox.advance("80h");
        assertEquals("undelivered", sandbox.order("A-1").pushState());
        sandbox.clearInbox();
        sandbox.pushAgain("A-1");
        assertTrue(sandbox.awaitPush("A-1").signed());
    }
}
// [/test]
