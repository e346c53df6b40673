package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;

/**
 * Reports a failure of this package: one subclass a kind, so that a caller catches what it can mend. The
 * message is English and Chinese; neither it nor anything else here holds a secret, an identity number or a
 * document. What is found about a document's signatures names people: it is in {@link UntrustedException#report} and
 * {@link #toJson} alone.
 */
public class WoSignDocException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The error document, in the form that survives serialisation. */
    private final String json;
    private transient JsonObject document;

    WoSignDocException(JsonObject document) {
        super(describe(document));
        this.json = document.toString();
        this.document = document;
    }

    /**
     * Returns the kind of failure.
     *
     * @return its kind; {@link ErrorKind#INTERNAL} for one that this package does not know
     */
    public ErrorKind kind() {
        ErrorKind kind = ErrorKind.of(kindWord());
        return kind == null ? ErrorKind.INTERNAL : kind;
    }

    /**
     * Returns the native library's word for the kind, also when this package does not know it.
     *
     * @return e.g. {@code invalid_order}
     */
    public String kindWord() {
        return text("kind");
    }

    /**
     * Returns the stable word for why it failed, e.g. {@code identity_expired}.
     *
     * @return the reason
     */
    public String reason() {
        return text("reason");
    }

    /**
     * Returns the platform's error code, e.g. -79.
     *
     * @return the code, or null when there is none
     */
    public Integer code() {
        return number("code");
    }

    /**
     * Returns the field or setting at fault, e.g. {@code signerlist[1].userNo}.
     *
     * @return its path, or null
     */
    public String field() {
        return text("field");
    }

    /**
     * Returns what happened, in English.
     *
     * @return a sentence
     */
    public String messageEn() {
        return text("message");
    }

    /**
     * Returns what happened, in Chinese.
     *
     * @return a sentence
     */
    public String messageZh() {
        return text("message_zh");
    }

    /**
     * Returns what to do about it, in English.
     *
     * @return a sentence
     */
    public String advice() {
        return text("advice");
    }

    /**
     * Returns what to do about it, in Chinese.
     *
     * @return a sentence
     */
    public String adviceZh() {
        return text("advice_zh");
    }

    /**
     * Says whether the same call, made again later, can succeed without a change.
     *
     * @return true when it can
     */
    public boolean canRetry() {
        return flag("retry");
    }

    /**
     * Says whether the order may have reached the platform although no answer came. Sending the same order
     * again is safe: its orderNumber keeps it from being signed twice.
     *
     * @return true when it may have
     */
    public boolean mayHaveArrived() {
        return flag("may_have_arrived");
    }

    /**
     * Returns the HTTP status of an answer that is not the protocol.
     *
     * @return the status, or null
     */
    public Integer httpStatus() {
        return number("http_status");
    }

    /**
     * Returns the printable beginning of an answer that is not the protocol.
     *
     * @return at most 512 bytes as one line, or null
     */
    public String bodyStart() {
        return text("body_start");
    }

    /**
     * Returns the library's error document. That of a document which is not trusted has the report in it, which names
     * people: do not log it.
     *
     * @return a JSON object
     */
    public String toJson() {
        return json;
    }

    /** Returns the HTTP status with which a push that failed so is answered. */
    int answerStatus() {
        Integer status = number("answer_status");
        // A failure that this package found, such as of loading the library, is not the sender's.
        return status == null ? 500 : status;
    }

    JsonObject document() {
        if (document == null) {
            document = JsonParser.parseString(json).getAsJsonObject();
        }
        return document;
    }

    /** Returns the exception for what a call that returned this status handed out. */
    static WoSignDocException of(int status, JsonObject document) {
        String word = Json.text(document, "kind", null);
        if (word == null) {
            return new InternalException(InternalException.defect(
                    "the native library returned " + status + " and said nothing",
                    "原生库返回 " + status + "，没有说明"));
        }
        ErrorKind kind = ErrorKind.of(word);
        return kind == null ? InternalException.unknownKind(word, document) : kind.exception(document);
    }

    /**
     * Returns the error document of a failure that this package itself found, in the form of the native
     * library's.
     */
    static JsonObject own(
            ErrorKind kind, String reason, String message, String messageZh, String advice, String adviceZh) {
        JsonObject document = new JsonObject();
        document.addProperty("kind", kind.word());
        document.addProperty("reason", reason);
        document.addProperty("message", message);
        document.addProperty("message_zh", messageZh);
        document.addProperty("advice", advice);
        document.addProperty("advice_zh", adviceZh);
        document.addProperty("retry", false);
        document.addProperty("may_have_arrived", false);
        return document;
    }

    private static String describe(JsonObject document) {
        String message = Json.text(document, "message", "unknown failure")
                + " (" + Json.text(document, "message_zh", "") + ")";
        List<String> violations = Json.list(
                document, "violations", element -> new Violation(element.getAsJsonObject()).toString());
        if (!violations.isEmpty()) {
            return message + ": " + String.join("; ", violations);
        }
        String code = document.has("code") ? "[" + document.get("code") + "] " : "";
        String field = document.has("field") ? document.get("field").getAsString() + ": " : "";
        return code + field + message;
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
