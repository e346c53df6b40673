package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** Holds a sentence of a report in English and Chinese. It may name people: mind where it is shown or logged. */
public final class Bilingual {
    private final String message;
    private final String messageZh;

    Bilingual(JsonElement element) {
        JsonObject both = element instanceof JsonObject ? element.getAsJsonObject() : new JsonObject();
        message = Json.text(both, "en", "");
        messageZh = Json.text(both, "zh", "");
    }

    /**
     * Returns it in English.
     *
     * @return a sentence without a full stop
     */
    public String message() {
        return message;
    }

    /**
     * Returns it in Chinese.
     *
     * @return a sentence without a full stop
     */
    public String messageZh() {
        return messageZh;
    }

    @Override
    public String toString() {
        return message + " (" + messageZh + ")";
    }
}
