package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/** Holds the top of each chain of certificates in a document. Nothing of it is trusted by itself. */
public final class TrustReport {
    private final JsonObject report;

    TrustReport(JsonObject report) {
        this.report = report;
    }

    /**
     * Returns the blocks, for {@link VerifyOptions.Builder#trust} once a person has looked at them.
     *
     * @return one for each chain
     */
    public List<TrustBlock> trust() {
        return Json.list(report, "trust", TrustBlock::new);
    }

    /**
     * Returns the list of blocks alone as JSON: to be pasted behind {@code "trust":} in a configuration, which
     * {@link VerifyOptions#ofJson} reads, or given to {@link VerifyOptions.Builder#trustJson}.
     *
     * @return a JSON array
     */
    public String trustJson() {
        JsonElement blocks = report.get("trust");
        return (blocks == null ? new JsonArray() : blocks).toString();
    }

    /**
     * Returns what the signatures say of the contents: trust nothing of a document that is not
     * {@link VerificationReport.State#INTACT}.
     *
     * @return the state
     */
    public VerificationReport.State state() {
        return Json.word(report, "state", VerificationReport.State.OTHER);
    }

    /**
     * Returns what is the matter with the document.
     *
     * @return the reasons, perhaps none
     */
    public List<VerificationReason> reasons() {
        return Json.list(report, "reasons", VerificationReason::new);
    }

    /**
     * Returns the library's answer, also with what is newer than this package.
     *
     * @return a JSON object
     */
    public String toJson() {
        return report.toString();
    }
}
