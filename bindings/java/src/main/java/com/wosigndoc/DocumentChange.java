package com.wosigndoc;

import com.google.gson.JsonElement;

/** Holds one thing that was changed in a document. */
public final class DocumentChange extends BilingualStatement {
    DocumentChange(JsonElement change) {
        super(change.getAsJsonObject());
    }

    /**
     * Returns what kind of thing was changed.
     *
     * @return a stable word, e.g. {@code page}, {@code annotation} or {@code form_value}
     */
    public String kind() {
        return Json.text(document, "kind", "");
    }

    /**
     * Says whether it may be changed.
     *
     * @return {@link SignatureReport.Changes#PERMITTED} when it may
     */
    public SignatureReport.Changes value() {
        return Json.word(document, "value", SignatureReport.Changes.OTHER);
    }

    /**
     * Returns the object that was changed.
     *
     * @return its number in the PDF, or null
     */
    public Integer object() {
        return Json.number(document, "object");
    }

    /**
     * Returns the page that was changed.
     *
     * @return the page, counted from 1, or null
     */
    public Integer page() {
        return Json.number(document, "page");
    }

    /**
     * Returns the form field that was changed.
     *
     * @return its full name, or null
     */
    public String field() {
        return Json.text(document, "field", null);
    }
}
