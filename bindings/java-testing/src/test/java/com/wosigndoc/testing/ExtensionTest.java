package com.wosigndoc.testing;

import static com.wosigndoc.testing.Contracts.order;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Classes that use the extension, run by JUnit. */
@Execution(ExecutionMode.SAME_THREAD)
class ExtensionTest {
    private static final List<String> ENDPOINTS = new ArrayList<>();

    @BeforeEach
    void forget() {
        ENDPOINTS.clear();
    }

    @ExtendWith(WoSignDocSandboxExtension.class)
    static class Shared {
        @BeforeAll
        static void before(WoSignDocSandbox sandbox) {
            ENDPOINTS.add(sandbox.endpoint());
        }

        Shared(WoSignDocSandbox sandbox) {
            ENDPOINTS.add(sandbox.endpoint());
        }

        @Test
        void one(WoSignDocSandbox sandbox) {
            ENDPOINTS.add(sandbox.endpoint());
        }

        @Nested
        class Inner {
            @Test
            void two(WoSignDocSandbox sandbox) {
                ENDPOINTS.add(sandbox.endpoint());
            }
        }
    }

    static class AtAStaticField {
        @RegisterExtension
        static final WoSignDocSandboxExtension PLATFORM = new WoSignDocSandboxExtension();

        @Test
        void one() {
            ENDPOINTS.add(PLATFORM.sandbox().endpoint());
        }

        @Test
        void two() {
            ENDPOINTS.add(PLATFORM.sandbox().endpoint());
        }
    }

    static class OwnForEach {
        @RegisterExtension
        final WoSignDocSandboxExtension platform = new WoSignDocSandboxExtension();

        @Test
        void one() {
            ENDPOINTS.add(platform.sandbox().endpoint());
        }

        @Test
        @ExtendWith(WoSignDocSandboxExtension.class)
        void two() {
            ENDPOINTS.add(platform.sandbox().endpoint());
        }
    }

    static class Failing {
        @RegisterExtension
        static final WoSignDocSandboxExtension PLATFORM = new WoSignDocSandboxExtension();

        @Test
        void fails(WoSignDocSandbox sandbox) {
            sandbox.client().create(order("F-1"));
            sandbox.awaitState("F-1", OrderState.ACKNOWLEDGED);
            fail("on purpose");
        }
    }

    @Test
    void aClassSharesOne() {
        assertEquals(2, run(Shared.class).getTestsSucceededCount());
        assertEquals(5, ENDPOINTS.size(), ENDPOINTS::toString);
        assertEquals(1, new HashSet<>(ENDPOINTS).size(), ENDPOINTS::toString);
        assertEquals(2, run(AtAStaticField.class).getTestsSucceededCount());
        assertEquals(2, new HashSet<>(ENDPOINTS).size(), ENDPOINTS::toString);
        // Its tests are over.
        assertThrows(IllegalStateException.class, AtAStaticField.PLATFORM::sandbox);
    }

    @Test
    void eachTestHasItsOwn() {
        assertEquals(2, run(OwnForEach.class).getTestsSucceededCount());
        assertEquals(2, new HashSet<>(ENDPOINTS).size(), ENDPOINTS::toString);
    }

    @Test
    void aFailedTestPrintsLogAndJournal() {
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertEquals(1, run(Failing.class).getTestsFailedCount());
        } finally {
            System.setErr(before);
        }
        String said = printed.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("fails(WoSignDocSandbox) failed. The sandbox's log"), said);
        assertTrue(said.contains(" order F-1: 200") && said.contains(" push F-1, try 1: 200 1"), said);
        assertFalse(said.contains("李明"), said);
    }

    private static TestExecutionSummary run(Class<?> tests) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false").build();
        LauncherFactory.create().execute(request, summary);
        return summary.getSummary();
    }
}
