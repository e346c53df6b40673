package com.wosigndoc.testing;

import static com.wosigndoc.testing.Contracts.order;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import com.wosigndoc.PlatformException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Starting, ending, and what is said when something is not as a test wants it. One sandbox for all. */
@ExtendWith(WoSignDocSandboxExtension.class)
class SandboxTest {
    @Test
    void aTimeoutTellsWhereTheOrderStands(WoSignDocSandbox sandbox) {
        sandbox.fault("wrong-hash", "T-1");
        sandbox.client().create(order("T-1"));
        sandbox.awaitState("T-1", OrderState.PUSHED);
        SandboxTimeoutException late = assertThrows(SandboxTimeoutException.class,
                () -> sandbox.awaitState("T-1", OrderState.UNDELIVERED, Duration.ofMillis(10)));
        assertTrue(late.messageEn().startsWith("T-1 is not undelivered in time: signed "), late.getMessage());
        assertTrue(late.messageEn().contains(" push T-1, try 1: 400"), late.getMessage());
        assertTrue(late.messageZh().startsWith("T-1 未能及时到达状态 undelivered：已签署"), late.getMessage());
        assertEquals(late.messageEn() + "\n" + late.messageZh(), late.getMessage());
        sandbox.awaitState("T-1", OrderState.SIGNED);
        // What cannot come any longer is told at once.
        late = assertThrows(SandboxTimeoutException.class,
                () -> sandbox.awaitState("T-1", OrderState.FAILED, Duration.ofHours(1)));
        assertTrue(late.messageEn().startsWith("T-1 cannot become failed any longer: signed "), late.getMessage());
    }

    @Test
    void aTimeoutTellsThatThereIsNoOrder(WoSignDocSandbox sandbox) {
        sandbox.refuse(-68, "T-2");
        assertThrows(PlatformException.class, () -> sandbox.client().create(order("T-2")));
        String message = assertThrows(SandboxTimeoutException.class,
                () -> sandbox.awaitPush("T-2", Duration.ZERO)).messageEn();
        assertTrue(message.contains("the platform has accepted no such order"), message);
        assertTrue(message.contains(" order T-2: 200"), message);
        message = assertThrows(SandboxTimeoutException.class,
                () -> sandbox.awaitState("T-3", OrderState.ACCEPTED, Duration.ZERO)).messageEn();
        assertTrue(message.endsWith("its journal: nothing"), message);
    }

    @Test
    void whatTheControlApiRefusesIsSaid(WoSignDocSandbox sandbox) {
        String message = assertThrows(SandboxException.class, () -> sandbox.fault("no-such")).getMessage();
        assertTrue(message.contains("fault is one of refuse=CODE") && message.contains("以下之一"), message);
        SandboxException none = assertThrows(SandboxException.class, () -> sandbox.order("none"));
        assertEquals(List.of("there is no such order", "没有该订单"), List.of(none.messageEn(), none.messageZh()));
        none = assertThrows(SandboxException.class, () -> sandbox.awaitPush("none", Duration.ofDays(9999)));
        assertTrue(none.messageEn().contains("from 0 to 3600"), none.getMessage());
    }

    @Test
    void aTestThatIsInterruptedDoesNotWait(WoSignDocSandbox sandbox) {
        Thread.currentThread().interrupt();
        assertThrows(SandboxException.class, () -> sandbox.awaitPush("none"));
        assertTrue(Thread.currentThread().isInterrupted());
        assertThrows(SandboxException.class, () -> sandbox.awaitState("none", OrderState.SIGNED));
        assertTrue(Thread.interrupted());
    }

    @Test
    void anInterruptEndsAWait(WoSignDocSandbox sandbox) throws Exception {
        FutureTask<String> waiting = new FutureTask<>(() -> assertThrows(SandboxException.class,
                () -> sandbox.awaitPush("none", Duration.ofHours(1))).messageEn());
        Thread thread = new Thread(waiting);
        thread.start();
        thread.interrupt();
        assertEquals("interrupted while waiting for the sandbox", waiting.get());
    }

    @Test
    void faultsByNumberAndTheLog() {
        WoSignDocSandbox sandbox = WoSignDocSandbox.start(SandboxOptions.DEFAULT.faultsByNumber());
        NothingIsLeftTest.SEEN.put(sandbox.tokenid(), sandbox.control());
        assertThrows(PlatformException.class, () -> sandbox.client().create(order("T-4!refuse=-68")));
        assertEquals("sandbox-contract", sandbox.tempid());
        sandbox.close();
        sandbox.close();
        assertTrue(sandbox.log().contains("serving") && !sandbox.log().contains(sandbox.tokenid()), sandbox.log());
        assertFalse(sandbox.ca().toFile().exists());
        assertThrows(IllegalStateException.class, sandbox::client);
        String message = assertThrows(SandboxException.class, sandbox::now).getMessage();
        assertTrue(message.contains("it may have ended"), message);
    }

    /** A program that hangs cannot delete its folder. */
    @Test
    void oneThatDoesNotEndIsKilled() throws Exception {
        SandboxProcess hanging = new SandboxProcess(SandboxOptions.DEFAULT.command());
        Path folder = Path.of(hanging.told.get("data").getAsString());
        assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(hanging.process.pid())).start().waitFor());
        assertTrue(Files.isDirectory(folder));
        hanging.end(1);
        assertFalse(hanging.process.isAlive());
        assertFalse(Files.exists(folder), folder::toString);
    }

    @Test
    void aStartThatFailsShowsTheLog() {
        SandboxOptions wrong = SandboxOptions.DEFAULT.arguments("--no-such-option");
        String message = assertThrows(SandboxException.class, () -> WoSignDocSandbox.start(wrong)).getMessage();
        assertTrue(message.contains("the program ended:\n") && message.contains("沙箱未能启动：程序已退出："), message);
        assertTrue(message.contains("--no-such-option"), message);
    }

    @Test
    void aProgramThatIsNotThere() {
        SandboxOptions wrong = SandboxOptions.DEFAULT.server(Path.of("none"));
        String message = assertThrows(SandboxException.class, () -> WoSignDocSandbox.start(wrong)).getMessage();
        assertTrue(message.contains("SandboxOptions.server names none"), message);
    }

    @Test
    void placesOfTheProgram() {
        Path folder = Path.of("lib");
        String name = Platform.isWindows() ? "wosigndoc-server.exe" : "wosigndoc-server";
        assertEquals(List.of(folder.resolve("server").resolve(Platform.RESOURCE_PREFIX).resolve(name), folder.resolve(name)),
                ServerProgram.besidePackage(folder));
        assertEquals(List.of(), ServerProgram.besidePackage(null));
        assertEquals(List.of(Path.of("a", name), Path.of("b", name)),
                ServerProgram.onPath("a" + File.pathSeparator + File.pathSeparator + "b"));
        assertEquals(List.of(), ServerProgram.onPath(null));
    }
}
