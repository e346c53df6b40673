package com.wosigndoc.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** Says how a sandbox is started. Options are immutable. */
public final class SandboxOptions {
    /** A sandbox whose pushes go to its own inbox. */
    public static final SandboxOptions DEFAULT = new SandboxOptions(null, Collections.emptyList());

    private final Path server;
    private final List<String> arguments;

    private SandboxOptions(Path server, List<String> arguments) {
        this.server = server;
        this.arguments = arguments;
    }

    /**
     * Names the program. Otherwise it is that of the system property {@code wosigndoc.server}, of the environment's {@code
     * WOSIGNDOC_SERVER}, the one beside this package, or the one on {@code PATH}.
     *
     * @param program the file {@code wosigndoc-server}
     * @return other options
     */
    public SandboxOptions server(Path program) {
        return new SandboxOptions(program, arguments);
    }

    /**
     * Has documents pushed to a receiver of the test's own from the start; see also {@link WoSignDocSandbox#callback}.
     *
     * @param url where it listens, such as {@code http://127.0.0.1:9000/push}
     * @return other options
     */
    public SandboxOptions callback(String url) {
        return arguments("--callback", url);
    }

    /**
     * Has faults obeyed that an orderNumber orders by its ending, such as {@code A-1!refuse=-68}.
     *
     * @return other options
     */
    public SandboxOptions faultsByNumber() {
        return arguments("--faults");
    }

    /**
     * Adds arguments of {@code wosigndoc-server dev}.
     *
     * @param more the arguments
     * @return other options
     */
    public SandboxOptions arguments(String... more) {
        List<String> all = new ArrayList<>(arguments);
        Arrays.asList(more).forEach(each -> all.add(Objects.requireNonNull(each, "argument")));
        return new SandboxOptions(server, Collections.unmodifiableList(all));
    }

    List<String> command() {
        List<String> command = new ArrayList<>(Arrays.asList(ServerProgram.find(server).toString(), "dev", "--temporary"));
        command.addAll(arguments);
        return command;
    }
}
