package com.wosigndoc.testing;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests of JUnit 5 a {@link WoSignDocSandbox}, started when it is first asked for, ended with the tests. When a test fails,
 * the sandbox's log since the test began and its journal are printed to {@code System.err}.
 *
 * <p>By {@code @ExtendWith(WoSignDocSandboxExtension.class)} at a class, or {@code @RegisterExtension} at a static field, all
 * tests of the class share one, and a class that inherits the field shares it with others that run at the same time. At a method,
 * or at a field of the instance, each test has its own. Tests have it as a parameter of type {@link WoSignDocSandbox}, or by
 * {@link #sandbox()}.
 */
public final class WoSignDocSandboxExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private final ExtensionContext.Namespace namespace = ExtensionContext.Namespace.create(getClass(), this);
    private final SandboxOptions options;
    private WoSignDocSandbox sandbox;
    private int users;

    /** Makes an extension whose sandboxes have an inbox. */
    public WoSignDocSandboxExtension() {
        this(SandboxOptions.DEFAULT);
    }

    /**
     * Makes an extension for {@code @RegisterExtension}.
     *
     * @param options how its sandboxes are started
     */
    public WoSignDocSandboxExtension(SandboxOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Returns the sandbox, which it starts when this is the first that asks.
     *
     * @return the sandbox
     * @throws IllegalStateException when no test that has this extension is running
     */
    public synchronized WoSignDocSandbox sandbox() {
        if (users == 0) {
            throw new IllegalStateException("no test is running: ask for the sandbox in a test, or in @BeforeEach;"
                    + " in @BeforeAll if the field is static (没有正在运行的测试：请在测试或 @BeforeEach 中获取沙箱；字段为 static 时也可在 @BeforeAll 中获取)");
        }
        if (sandbox == null) {
            sandbox = WoSignDocSandbox.start(options);
        }
        return sandbox;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        use(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        use(context);
        WoSignDocSandbox running = running();
        context.getStore(namespace).put("mark", Long.valueOf(running == null ? 0 : running.processLog().mark()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        tellFailure(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        tellFailure(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == WoSignDocSandbox.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        use(context);
        return sandbox();
    }

    /** Keeps the sandbox as long as this context lives, or one around it that uses it too. */
    private void use(ExtensionContext context) {
        context.getStore(namespace).getOrComputeIfAbsent("use", key -> new Use());
    }

    private void tellFailure(ExtensionContext context) {
        WoSignDocSandbox running = running();
        if (running != null && context.getExecutionException().isPresent()) {
            Long mark = context.getStore(namespace).get("mark", Long.class);
            System.err.println(report(context.getDisplayName(), running, mark == null ? 0 : mark));
        }
    }

    private static String report(String name, WoSignDocSandbox sandbox, long mark) {
        StringBuilder said = new StringBuilder(name).append(" failed. The sandbox's log (测试失败，沙箱日志如下):\n");
        said.append(sandbox.processLog().since(mark)).append("Its journal (其请求与推送记录):\n");
        try {
            List<JournalEntry> entries = sandbox.journal();
            entries.forEach(entry -> said.append("  ").append(entry).append('\n'));
        } catch (SandboxException ended) {
            said.append("  ").append(ended.getMessage()).append('\n');
        }
        return said.toString();
    }

    private synchronized WoSignDocSandbox running() {
        return sandbox;
    }

    private synchronized void begin() {
        users++;
    }

    private synchronized void end() {
        users--;
        if (users == 0 && sandbox != null) {
            sandbox.close();
            sandbox = null;
        }
    }

    /** One context's use of the sandbox; JUnit closes it with that context, before 5.13 by the older of the two interfaces. */
    @SuppressWarnings("deprecation")
    private final class Use implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        Use() {
            begin();
        }

        @Override
        public void close() {
            end();
        }
    }
}
