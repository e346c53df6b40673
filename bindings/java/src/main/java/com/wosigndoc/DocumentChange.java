package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** Holds one thing that was changed in a document. */
public final class DocumentChange {
    private final JsonObject change;

    DocumentChange(JsonElement change) {
        this.change = change.getAsJsonObject();
    }

    /**
     * Returns what kind of thing was changed.
     *
     * @return a stable word, e.g. {@code page}, {@code annotation} or {@code form_value}
     */
    public String kind() {
        return Json.text(change, "kind", "");
    }

    /**
     * Says whether it may be changed.
     *
     * @return {@link SignatureReport.Changes#PERMITTED} when it may
     */
    public SignatureReport.Changes value() {
        return Json.word(change, "value", SignatureReport.Changes.UNRECOGNIZED);
    }

    /**
     * Returns the object that was changed.
     *
     * @return its number in the PDF, or null
     */
    public Integer object() {
        return Json.number(change, "object");
    }

    /**
     * Returns the page that was changed.
     *
     * @return the page, counted from 1, or null
     */
    public Integer page() {
        return Json.number(change, "page");
    }

    /**
     * Returns the form field that was changed.
     *
     * @return its full name, or null
     */
    public String field() {
        return Json.text(change, "field", null);
    }

    /**
     * Returns what was changed, in words.
     *
     * @return a sentence in both languages
     */
    public Bilingual message() {
        return new Bilingual(change.get("message"));
    }
}
