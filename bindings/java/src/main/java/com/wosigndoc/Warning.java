package com.wosigndoc;

import com.google.gson.JsonObject;
import java.util.List;

/** Something odd about an order that does not stop it, such as a check digit or a subject that was cut. */
public final class Warning {
    private final JsonObject document;

    private Warning(JsonObject document) {
        this.document = document;
    }

    static List<Warning> list(JsonObject document) {
        return Json.list(document, "warnings", element -> new Warning(element.getAsJsonObject()));
    }

    /**
     * A stable word, e.g. {@code subject_cut} or {@code check_digit}.
     *
     * @return the word
     */
    public String word() {
        return Json.text(document, "warning", "");
    }

    /**
     * The field, e.g. {@code signerlist[1].userNo}.
     *
     * @return its path
     */
    public String field() {
        return Json.text(document, "field", "");
    }

    /**
     * What is odd, in English.
     *
     * @return a sentence
     */
    public String message() {
        return Json.text(document, "message", "");
    }

    /**
     * What is odd, in Chinese.
     *
     * @return a sentence
     */
    public String messageZh() {
        return Json.text(document, "message_zh", "");
    }

    @Override
    public String toString() {
        return word() + " " + field() + ": " + message() + " (" + messageZh() + ")";
    }
}
