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
        String message = late.getMessage();
        assertTrue(message.startsWith("T-1 is not undelivered after PT0.01S (PT0.01S 后 T-1 仍未到达状态 undelivered)"), message);
        assertTrue(message.contains("T-1: signed, its push "), message);
        assertTrue(message.contains(" push T-1, try 1: 400"), message);
    }

    /** What cannot come any longer is told at once, and not when the time has run out. */
    @Test
    void whatCannotComeIsNotWaitedFor(WoSignDocSandbox sandbox) {
        sandbox.client().create(order("T-5"));
        sandbox.awaitState("T-5", OrderState.SIGNED);
        String message = assertThrows(SandboxTimeoutException.class,
                () -> sandbox.awaitState("T-5", OrderState.FAILED, Duration.ofHours(1))).getMessage();
        assertTrue(message.startsWith("T-5 cannot become failed any longer (T-5 已不可能到达状态 failed)"), message);
        assertTrue(message.contains("T-5: signed, its push "), message);
    }

    @Test
    void aTimeoutTellsThatThereIsNoOrder(WoSignDocSandbox sandbox) {
        sandbox.fault("refuse=-68", "T-2");
        assertThrows(PlatformException.class, () -> sandbox.client().create(order("T-2")));
        String message = assertThrows(SandboxTimeoutException.class,
                () -> sandbox.awaitPush("T-2", Duration.ZERO)).getMessage();
        assertTrue(message.contains("no push of T-2 came into the inbox within PT0S"), message);
        assertTrue(message.contains("the platform has accepted no such order"), message);
        assertTrue(message.contains(" order T-2: 200"), message);
        message = assertThrows(SandboxTimeoutException.class,
                () -> sandbox.awaitState("T-3", OrderState.ACCEPTED, Duration.ZERO)).getMessage();
        assertTrue(message.endsWith("its journal: nothing (日志中没有该订单)"), message);
    }

    @Test
    void whatTheControlApiRefusesIsSaid(WoSignDocSandbox sandbox) {
        String message = assertThrows(SandboxException.class, () -> sandbox.fault("no-such")).getMessage();
        assertTrue(message.contains("fault is one of refuse=CODE") && message.contains("以下之一"), message);
        message = assertThrows(SandboxException.class, () -> sandbox.order("none")).getMessage();
        assertTrue(message.contains("no such order"), message);
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
        assertTrue(message.contains("the program ended (沙箱未能启动：程序已退出)"), message);
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
