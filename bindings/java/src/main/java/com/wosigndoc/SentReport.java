package com.wosigndoc;

import com.google.gson.JsonObject;
import java.util.List;

/** Says how a document differs from the one that was sent for signing. */
public final class SentReport {
    private final JsonObject report;

    private SentReport(JsonObject report) {
        this.report = report;
    }

    static SentReport of(JsonObject report) {
        return report == null ? null : new SentReport(report);
    }

    /**
     * Says whether it shows the same pages.
     *
     * @return null when nobody can say
     */
    public Boolean same() {
        return Json.text(report, "same", null) == null ? null : Boolean.valueOf(Json.flag(report, "same"));
    }

    /**
     * Returns what differs.
     *
     * @return the differences, the worst first
     */
    public List<DocumentChange> differences() {
        return Json.list(report, "differences", DocumentChange::new);
    }

    /**
     * Says whether there are more than are listed.
     *
     * @return whether
     */
    public boolean more() {
        return Json.flag(report, "more");
    }
}
