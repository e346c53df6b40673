package com.wosigndoc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Runs after all others: no process, no port and no folder is left behind by any of them. */
@Order(Integer.MAX_VALUE)
class NothingIsLeftTest {
    /** The tokens of sandboxes that were, and the URLs of their control APIs. */
    static final Map<String, String> SEEN = new ConcurrentHashMap<>();

    /** Maven has a process of its own beside this one now and then. */
    @Test
    void noProcess() {
        assertEquals(List.of(), ProcessHandle.current().descendants()
                .map(child -> child.info().commandLine().orElse("")).filter(command -> command.contains("wosigndoc"))
                .collect(Collectors.toList()));
    }

    /** A port may have gone to somebody else meanwhile. */
    @Test
    void noPort() {
        assertFalse(SEEN.isEmpty());
        SEEN.forEach((tokenid, url) -> {
            String tokens;
            try {
                tokens = Json.text(new ControlApi(url).get("/tokens"));
            } catch (SandboxException nobody) {
                return;
            }
            assertFalse(tokens.contains(tokenid), url + " still answers");
        });
    }

    /** The sandboxes of these tests have their folders in one that no other sandbox uses. */
    @Test
    void noFolder() throws Exception {
        try (Stream<Path> files = Files.list(Path.of(System.getenv("TMPDIR")))) {
            assertEquals(List.of(), files.filter(file -> file.getFileName().toString().startsWith("wosigndoc-sandbox-"))
                    .collect(Collectors.toList()));
        }
    }
}
