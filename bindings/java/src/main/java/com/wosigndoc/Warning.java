package com.wosigndoc;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * Describes something odd about an order or a configuration that stops nothing, such as a check digit, a
 * subject that was cut, or a certificate that expires soon.
 */
public final class Warning extends FieldStatement {
    private Warning(JsonObject document) {
        super(document);
    }

    static List<Warning> list(JsonObject document) {
        return Json.list(document, "warnings", element -> new Warning(element.getAsJsonObject()));
    }

    /**
     * Returns a stable word, e.g. {@code subject_cut} or {@code check_digit}.
     *
     * @return the word
     */
    public String word() {
        return Json.text(document, "warning", "");
    }

    @Override
    public String toString() {
        return word() + " " + field() + ": " + message() + " (" + messageZh() + ")";
    }
}
