package com.wosigndoc;

import com.google.gson.JsonObject;
import java.util.List;

/** Holds what a check of the configuration found, as data and as text. */
public final class PreflightReport {
    private final JsonObject document;

    PreflightReport(JsonObject document) {
        this.document = document;
    }

    /**
     * Says whether orders can be sent.
     *
     * @return true when nothing is wrong
     */
    public boolean ok() {
        return document.has("ok") && document.get("ok").getAsBoolean();
    }

    /**
     * Returns the single checks.
     *
     * @return them, in the order in which they were made
     */
    public List<Check> checks() {
        return Json.list(document, "checks", element -> new Check(element.getAsJsonObject()));
    }

    /**
     * Returns the report in English.
     *
     * @return some lines
     */
    public String text() {
        return Json.text(document, "text", "");
    }

    /**
     * Returns the report in Chinese.
     *
     * @return some lines
     */
    public String textZh() {
        return Json.text(document, "text_zh", "");
    }

    @Override
    public String toString() {
        return text();
    }

    /** Holds one check. */
    public static final class Check extends Statement {
        private Check(JsonObject document) {
            super(document);
        }

        /**
         * Returns what was checked, e.g. {@code expiry} or {@code endpoint}; docs/c-abi.md (wsd_preflight) has
         * every word.
         *
         * @return a stable word
         */
        public String name() {
            return Json.text(document, "check", "");
        }

        /**
         * Returns how it went.
         *
         * @return {@code ok}, {@code warning} or {@code error}
         */
        public String level() {
            return Json.text(document, "level", "");
        }
    }
}
