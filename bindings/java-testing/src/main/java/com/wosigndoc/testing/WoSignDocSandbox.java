package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import com.wosigndoc.PushOptions;
import com.wosigndoc.ReceivedPush;
import com.wosigndoc.VerifyOptions;
import com.wosigndoc.WoSignDocClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Is a sandbox of the platform for tests: {@code wosigndoc-server dev --temporary}, started by a test, on free ports, with a
 * folder of its own. It really signs, and pushes to an inbox of its own unless it is told where. It ends with {@link #close}, and
 * by itself when the process of the test ends, even if that is killed. It may be used by several threads at once.
 */
public final class WoSignDocSandbox extends SandboxDriving implements AutoCloseable {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final SandboxProcess process;
    private WoSignDocClient client;
    private boolean closed;

    private WoSignDocSandbox(SandboxProcess process) {
        super(process.told);
        this.process = process;
    }

    /**
     * Starts a sandbox whose pushes go to its own inbox.
     *
     * @return the sandbox, ready to take orders
     * @throws SandboxException when there is no program, or it does not start: with its log
     */
    public static WoSignDocSandbox start() {
        return start(SandboxOptions.DEFAULT);
    }

    /**
     * Starts a sandbox.
     *
     * @param options how
     * @return the sandbox, ready to take orders
     * @throws SandboxException when there is no program, or it does not start: with its log
     */
    public static WoSignDocSandbox start(SandboxOptions options) {
        return new WoSignDocSandbox(new SandboxProcess(options.command()));
    }

    /**
     * Trusts the sandbox's signers, and nobody else. Where the clock was moved, documents are judged by that clock.
     *
     * @return the options, as for {@link com.wosigndoc.PushEndpoint.Builder#verify}
     */
    public VerifyOptions trust() {
        VerifyOptions.Builder trusted = VerifyOptions.builder().caFile(ca());
        Instant time = Json.time(Json.object(control.get("/clock")), "judge_at");
        return time == null ? trusted.build() : trusted.at(time).build();
    }

    /**
     * Returns a client of the sandbox, made once and closed with it.
     *
     * @return the client
     */
    public synchronized WoSignDocClient client() {
        if (closed) {
            throw new IllegalStateException("the sandbox is closed (沙箱已关闭)");
        }
        if (client == null) {
            client = new WoSignDocClient(configuration());
        }
        return client;
    }

    /**
     * Does the same as {@link #awaitPush(String, Duration, PushOptions)} for 30 s at most, and without options.
     *
     * @param number the order's number, or its signid
     * @return the signed document, or the news that the order failed
     */
    public ReceivedPush awaitPush(String number) {
        return awaitPush(number, DEFAULT_TIMEOUT);
    }

    /**
     * Does the same as {@link #awaitPush(String, Duration, PushOptions)} without options.
     *
     * @param number the order's number, or its signid
     * @param timeout how long at most
     * @return the signed document, or the news that the order failed
     */
    public ReceivedPush awaitPush(String number, Duration timeout) {
        return awaitPush(number, timeout, PushOptions.DEFAULT);
    }

    /**
     * Waits for the next push of an order to the sandbox's inbox, and receives it as the site does. Each push is returned once: a
     * second call waits for a second push. One that is not right, as its hash is wrong, is in {@link #inbox()} alone.
     *
     * @param number the order's number, or its signid
     * @param timeout how long at most
     * @param options those of your endpoint, such as with {@link PushOptions#verify} and {@link #trust}
     * @return the signed document, in memory unless the options name a file, or the news that the order failed
     * @throws SandboxTimeoutException when none came, or none can since pushes go elsewhere by {@link #callback} or it was given
     *     up: with where the order stands, and its journal
     * @throws com.wosigndoc.WoSignDocException when the options refuse it
     */
    public ReceivedPush awaitPush(String number, Duration timeout, PushOptions options) {
        return next(number, timeout).receive(options);
    }

    /**
     * Waits as {@link #awaitPush(String)} does.
     *
     * @param number the order's number, or its signid
     * @return the push byte for byte, such as for {@link com.wosigndoc.PushEndpoint#handle}
     */
    public byte[] awaitBody(String number) {
        return awaitBody(number, DEFAULT_TIMEOUT);
    }

    /**
     * Waits as {@link #awaitPush(String, Duration)} does.
     *
     * @param number the order's number, or its signid
     * @param timeout how long at most
     * @return the push byte for byte, such as for {@link com.wosigndoc.PushEndpoint#handle}
     */
    public byte[] awaitBody(String number, Duration timeout) {
        return next(number, timeout).body();
    }

    /**
     * Lists what was pushed to the sandbox's inbox, oldest first, also what was not right.
     *
     * @return the newest 1000 pushes
     */
    public List<InboxEntry> inbox() {
        return letters("/inbox");
    }

    /**
     * Lists the right pushes of an order to the sandbox's inbox, oldest first.
     *
     * @param number the order's number, or its signid
     * @return the newest 1000 pushes
     */
    public List<InboxEntry> inbox(String number) {
        return letters("/inbox?number=" + ControlApi.quoted(number));
    }

    /**
     * Does the same as {@link #awaitState(String, OrderState, Duration)} for 30 s at most.
     *
     * @param number the order's number, or its signid
     * @param state how far
     * @return the order
     */
    public SandboxOrder awaitState(String number, OrderState state) {
        return awaitState(number, state, DEFAULT_TIMEOUT);
    }

    /**
     * Waits until an order has come so far.
     *
     * @param number the order's number, or its signid; it need not be there yet
     * @param state how far
     * @param timeout how long at most
     * @return the order
     * @throws SandboxTimeoutException when it has not, or cannot any longer: with where it stands, and its journal
     */
    public SandboxOrder awaitState(String number, OrderState state, Duration timeout) {
        return new SandboxOrder(Json.object(control.await("GET", "/wait?number=" + ControlApi.quoted(number) + "&until="
                + state.word() + "&timeout=" + seconds(timeout), null, timeout)));
    }

    /**
     * Lists the orders, the newest first.
     *
     * @return at most 1000 of them
     */
    public List<SandboxOrder> orders() {
        return Json.list(control.get("/orders?limit=1000"), SandboxOrder::new);
    }

    /**
     * Returns an order.
     *
     * @param number its number: then its newest order; or its signid
     * @return where it stands; one that the platform has not accepted is a {@link SandboxException}
     */
    public SandboxOrder order(String number) {
        return new SandboxOrder(Json.object(control.get("/orders/" + ControlApi.quoted(number))));
    }

    /**
     * Returns a signed document, as the platform has it.
     *
     * @param number the order's number, or its signid
     * @return the bytes of the PDF; that it is not signed is a {@link SandboxException}
     */
    public byte[] document(String number) {
        return control.get("/orders/" + ControlApi.quoted(number) + "/document");
    }

    /**
     * Lists what came in and what went out, oldest first.
     *
     * @return the newest 1000 exchanges
     */
    public List<JournalEntry> journal() {
        return exchanges("");
    }

    /**
     * Does the same for one order.
     *
     * @param number the order's number, or its signid
     * @return the newest 1000 exchanges
     */
    public List<JournalEntry> journal(String number) {
        return exchanges("&number=" + ControlApi.quoted(number));
    }

    /**
     * Returns what the program has written to its log so far.
     *
     * @return the text
     */
    public String log() {
        return process.log.since(0);
    }

    /** Ends the sandbox, its folder with it. It may be called again. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (client != null) {
                client.close();
            }
            process.end();
        }
    }

    ProcessLog processLog() {
        return process.log;
    }

    private InboxEntry next(String number, Duration timeout) {
        JsonObject wanted = Json.of("number", number, "timeout", seconds(timeout));
        return new InboxEntry(Json.object(control.await("POST", "/inbox/next", wanted, timeout)), control);
    }

    private List<InboxEntry> letters(String target) {
        return Json.list(control.get(target), letter -> new InboxEntry(letter, control));
    }

    private List<JournalEntry> exchanges(String which) {
        List<JournalEntry> entries = new ArrayList<>(Json.list(control.get("/journal?limit=1000" + which), JournalEntry::new));
        Collections.reverse(entries);
        return Collections.unmodifiableList(entries);
    }

    private static double seconds(Duration timeout) {
        return timeout.toMillis() / 1000.0;
    }
}
