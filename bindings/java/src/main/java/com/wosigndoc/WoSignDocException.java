package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * What every failure of this package is: one subclass a kind, so that a caller catches what it can mend.
 * The message is English and Chinese; neither it nor anything else here holds a secret, an identity number
 * or a document.
 */
public class WoSignDocException extends RuntimeException {
    private final transient JsonObject document;

    WoSignDocException(JsonObject document) {
        super(describe(document));
        this.document = document;
    }

    /** A failure that the binding itself found. */
    WoSignDocException(String kind, String reason, String message, String messageZh) {
        this(own(kind, reason, message, messageZh));
    }

    /**
     * The stable word for why it failed, e.g. {@code identity_expired}.
     *
     * @return the reason
     */
    public String reason() {
        return text("reason");
    }

    /**
     * The platform's error code, e.g. -79.
     *
     * @return the code, or null when there is none
     */
    public Integer code() {
        return number("code");
    }

    /**
     * The field or setting at fault, e.g. {@code signerlist[1].userNo}.
     *
     * @return its path, or null
     */
    public String field() {
        return text("field");
    }

    /**
     * What happened, in English.
     *
     * @return a sentence
     */
    public String messageEn() {
        return text("message");
    }

    /**
     * What happened, in Chinese.
     *
     * @return a sentence
     */
    public String messageZh() {
        return text("message_zh");
    }

    /**
     * What to do about it, in English.
     *
     * @return a sentence, or null
     */
    public String advice() {
        return text("advice");
    }

    /**
     * What to do about it, in Chinese.
     *
     * @return a sentence, or null
     */
    public String adviceZh() {
        return text("advice_zh");
    }

    /**
     * Whether the same call, made again later, can succeed without a change.
     *
     * @return true when it can
     */
    public boolean canRetry() {
        return flag("retry");
    }

    /**
     * Whether the order may have reached the platform although no answer came. Sending the same order again
     * is safe: its orderNumber keeps it from being signed twice.
     *
     * @return true when it may have
     */
    public boolean mayHaveArrived() {
        return flag("may_have_arrived");
    }

    /**
     * The HTTP status of an answer that is not the protocol.
     *
     * @return the status, or null
     */
    public Integer httpStatus() {
        return number("http_status");
    }

    /**
     * The printable beginning of an answer that is not the protocol.
     *
     * @return at most 512 bytes as one line, or null
     */
    public String bodyStart() {
        return text("body_start");
    }

    /**
     * The library's error document.
     *
     * @return a JSON object
     */
    public String toJson() {
        return document().toString();
    }

    JsonObject document() {
        return document == null ? own("internal", "defect", getMessage(), getMessage()) : document;
    }

    static WoSignDocException of(JsonObject document) {
        switch (Json.text(document, "kind", "internal")) {
            case "argument":
                return new InvalidCallException(document);
            case "invalid_order":
                return new InvalidOrderException(document);
            case "platform":
                return new PlatformException(document);
            case "transport":
                return new TransportException(document);
            case "tls":
                return new TlsException(document);
            case "timeout":
                return new CallTimeoutException(document);
            case "protocol":
                return new ProtocolException(document);
            case "integrity":
                return new IntegrityException(document);
            case "untrusted":
                return new UntrustedException(document);
            case "io":
                return new FileException(document);
            default:
                return new InternalException(document);
        }
    }

    private static JsonObject own(String kind, String reason, String message, String messageZh) {
        JsonObject document = new JsonObject();
        document.addProperty("kind", kind);
        document.addProperty("reason", reason);
        document.addProperty("message", message);
        document.addProperty("message_zh", messageZh);
        return document;
    }

    private static String describe(JsonObject document) {
        StringBuilder text = new StringBuilder();
        if (document.has("code")) {
            text.append('[').append(document.get("code")).append("] ");
        }
        if (document.has("field")) {
            text.append(document.get("field").getAsString()).append(": ");
        }
        String message = Json.text(document, "message", "unknown failure");
        return text.append(message).append(" (").append(Json.text(document, "message_zh", "")).append(')').toString();
    }

    private String text(String name) {
        return Json.text(document(), name, null);
    }

    private boolean flag(String name) {
        JsonElement value = document().get(name);
        return value != null && value.getAsBoolean();
    }

    private Integer number(String name) {
        JsonElement value = document().get(name);
        return value == null ? null : Integer.valueOf(value.getAsInt());
    }
}
