package com.wosigndoc;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Sends signing orders over mutual TLS. A client is made once, used by all threads at once, and closed at the
 * end; its calls block. Connections are kept alive between calls, unless a {@link Transport} of the configuration has it
 * otherwise.
 */
public final class WoSignDocClient implements AutoCloseable {
    private final ClientConfig config;
    private final Sender sender;

    /**
     * Makes a client. Certificate, key and settings are checked here; nothing is sent.
     *
     * @param config its configuration
     * @throws InvalidCallException when the configuration does not hold together
     * @throws FileException when a file that it names cannot be read
     */
    public WoSignDocClient(ClientConfig config) {
        // Read once: what this client sends and what it judges orders by are the same settings.
        this.config = config.settings();
        sender = Sender.of(this.config);
    }

    /**
     * Makes a client from a JSON file, see {@link ClientConfig#fromFile}.
     *
     * @param file the file
     * @return the client
     */
    public static WoSignDocClient fromFile(Path file) {
        return new WoSignDocClient(ClientConfig.fromFile(file));
    }

    /**
     * Makes a client from environment variables, see {@link ClientConfig#fromEnvironment()}.
     *
     * @return the client
     */
    public static WoSignDocClient fromEnvironment() {
        return new WoSignDocClient(ClientConfig.fromEnvironment());
    }

    /**
     * Returns what this client was made of.
     *
     * @return endpoint, certificate, and oddities such as that it expires soon
     */
    public ClientAbout about() {
        return sender.about();
    }

    /**
     * Sends an order and waits for the platform's answer, within the configured time.
     *
     * @param order the order
     * @return what the platform answered
     * @throws InvalidOrderException when the order breaks rules; nothing was sent
     * @throws PlatformException when the platform refused it
     * @throws WoSignDocException one subclass for every other kind of failure
     */
    public SignOrderResult create(SignOrder order) {
        return create(order, null);
    }

    /**
     * Sends an order and waits for the platform's answer.
     *
     * @param order the order
     * @param timeout time limit of this call; null: as configured
     * @return what the platform answered
     * @throws InvalidOrderException when the order breaks rules; nothing was sent
     * @throws PlatformException when the platform refused it
     * @throws WoSignDocException one subclass for every other kind of failure
     */
    public SignOrderResult create(SignOrder order, Duration timeout) {
        int limit = millis(timeout);
        try (Attachments attachments = new Attachments()) {
            return new SignOrderResult(sender.create(order.toJson(attachments), attachments, limit));
        }
    }

    /**
     * Judges an order without sending it.
     *
     * @param order the order
     * @return oddities that stop nothing
     * @throws InvalidOrderException with every rule that it breaks
     */
    public List<Warning> validate(SignOrder order) {
        return validate(config, order);
    }

    /**
     * Judges an order without a client: of the configuration only the token and the empty-material switch
     * count.
     *
     * @param settings a configuration, perhaps {@code {}}
     * @param order the order
     * @return oddities that stop nothing
     * @throws InvalidOrderException with every rule that it breaks
     */
    public static List<Warning> validate(ClientConfig settings, SignOrder order) {
        byte[] config = settings.settings().bytes();
        return withAttachments(order, (json, starts, lengths, count) -> Warning.list(
                Invocation.run((out, length) -> NativeCalls.wsd_order_validate(
                        config, config.length, json, json.length, starts, lengths, count, out, length))));
    }

    /**
     * Returns the request body of an order, byte for byte as it would be sent, for tests and for curious
     * people.
     *
     * @param settings a configuration; only its token and its empty-material switch count
     * @param order the order
     * @return the body, with the whole document in it
     * @throws InvalidOrderException with every rule that it breaks
     */
    public static byte[] wire(ClientConfig settings, SignOrder order) {
        byte[] config = settings.settings().bytes();
        long[] body = new long[1];
        long[] bodyLength = new long[1];
        return withAttachments(order, (json, starts, lengths, count) -> {
            Invocation.run((out, length) -> NativeCalls.wsd_order_wire(
                    config, config.length, json, json.length, starts, lengths, count,
                    body, bodyLength, out, length));
            return Invocation.take(body[0], bodyLength[0]);
        });
    }

    /**
     * Reads a platform's answer that an HTTP client of the caller's own received.
     *
     * @param httpStatus its HTTP status
     * @param body its body
     * @return the accepted order
     * @throws PlatformException when the platform refused
     * @throws ProtocolException when it is not the protocol
     */
    public static SignOrderResult readAnswer(int httpStatus, byte[] body) {
        return new SignOrderResult(answer(httpStatus, body));
    }

    static JsonObject answer(int httpStatus, byte[] body) {
        return Invocation.run(
                (out, length) -> NativeCalls.wsd_answer_read(httpStatus, body, body.length, out, length));
    }

    /** Ends the client: its connections are closed once the last call has returned. A transport is left as it is. */
    @Override
    public void close() {
        sender.close();
    }

    /** A call that takes an order's JSON and the byte ranges beside it. */
    private interface OrderCall<T> {
        T run(byte[] json, long[] starts, long[] lengths, long count);
    }

    /** Lends an order and its attachments to a call, and frees them after it. */
    private static <T> T withAttachments(SignOrder order, OrderCall<T> call) {
        try (Attachments attachments = new Attachments()) {
            byte[] json = order.toJson(attachments);
            return call.run(json, attachments.pointers(), attachments.lengths(), attachments.count());
        }
    }

    static int millis(Duration timeout) {
        if (timeout == null) {
            return 0;
        }
        // Compared before it is counted: a very long one does not fit a count of milliseconds.
        boolean tooLong = timeout.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0;
        long millis = tooLong ? 0 : timeout.toMillis();
        if (millis < 1) {
            throw new IllegalArgumentException("the timeout must be from 1 ms to 24 days (超时应在 1 毫秒到 24 天之间)");
        }
        return (int) millis;
    }
}
