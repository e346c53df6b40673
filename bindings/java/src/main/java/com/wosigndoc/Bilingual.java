package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** Holds a sentence of a report in English and Chinese. It may name people: mind where it is shown or logged. */
public final class Bilingual {
    private final String en;
    private final String zh;

    Bilingual(JsonElement element) {
        JsonObject both = element instanceof JsonObject ? element.getAsJsonObject() : new JsonObject();
        en = Json.text(both, "en", "");
        zh = Json.text(both, "zh", "");
    }

    /**
     * Returns it in English.
     *
     * @return a sentence without a full stop
     */
    public String en() {
        return en;
    }

    /**
     * Returns it in Chinese.
     *
     * @return a sentence without a full stop
     */
    public String zh() {
        return zh;
    }

    @Override
    public String toString() {
        return en + " (" + zh + ")";
    }
}
