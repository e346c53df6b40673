package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/** Says whether everybody signed who had to. */
public final class SignersReport {
    private final JsonObject report;

    private SignersReport(JsonObject report) {
        this.report = report;
    }

    static SignersReport of(JsonObject report) {
        return report == null ? null : new SignersReport(report);
    }

    /**
     * Says whether everybody did.
     *
     * @return true when nobody is missing
     */
    public boolean complete() {
        return Json.flag(report, "complete");
    }

    /**
     * Returns each who had to.
     *
     * @return them, as they were asked for
     */
    public List<Required> required() {
        return Json.list(report, "required", Required::new);
    }

    /**
     * Returns how names were compared.
     *
     * @return a sentence in both languages
     */
    public Bilingual rule() {
        return new Bilingual(report.get("rule"));
    }

    /** Holds one who had to sign, and says what was compared with what. */
    public static final class Required extends BilingualStatement {
        private Required(JsonElement required) {
            super(required.getAsJsonObject());
        }

        /**
         * Returns the name.
         *
         * @return it, as it was asked for
         */
        public String name() {
            return Json.text(document, "name", "");
        }

        /**
         * Returns the signature.
         *
         * @return its form field; null when there is none
         */
        public String signature() {
            return Json.text(document, "signature", null);
        }
    }
}
