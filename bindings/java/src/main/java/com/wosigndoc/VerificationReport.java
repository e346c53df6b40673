package com.wosigndoc;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says whether a signed document is what it claims to be, and why. It names people: keep what its parts say out of logs.
 * {@link #toString} has the verdict and the codes of its reasons alone.
 */
public final class VerificationReport {
    private final JsonObject report;

    VerificationReport(JsonObject report) {
        this.report = report;
    }

    /** Returns the report in a member of a document; null when there is none. */
    static VerificationReport of(JsonObject document) {
        JsonObject report = Json.object(document, "report");
        return report == null ? null : new VerificationReport(report);
    }

    /** Says what a document's signatures say of its contents, whoever signed: anybody can. */
    public enum State {
        /** Every signature fits, and what came after it is permitted. */
        INTACT,
        /** A signature is broken, or something was changed that may not be. */
        ALTERED,
        /** Neither is proven. */
        UNDECIDED,
        /** It has no signature. */
        UNSIGNED,
        /** It cannot be read. */
        UNREADABLE,
        /** A word that this package does not know. */
        OTHER
    }

    /**
     * Says whether the document is signed, unchanged, by somebody whom your roots vouch for. It does not say by whom, nor
     * which contract it is: {@link VerifyOptions.Builder#order} and {@link VerifyOptions.Builder#sent(java.nio.file.Path)}
     * bind it to what was ordered.
     *
     * @return true for the verdict {@link Verdict#VALID} alone
     */
    public boolean isValid() {
        return verdict() == Verdict.VALID;
    }

    /**
     * Returns the verdict.
     *
     * @return it; {@link Verdict#OTHER} for a word of a newer native library
     */
    public Verdict verdict() {
        return Json.word(report, "verdict", Verdict.OTHER);
    }

    /**
     * Returns what the signatures say of the contents, whoever signed. Never take {@link State#INTACT} for valid.
     *
     * @return the state
     */
    public State state() {
        return Json.word(report, "state", State.OTHER);
    }

    /**
     * Returns what made the verdict so, and what is worth knowing beside it.
     *
     * @return the reasons, the worst first
     */
    public List<VerificationReason> reasons() {
        return Json.list(report, "reasons", VerificationReason::new);
    }

    /**
     * Returns facts about the document.
     *
     * @return them; null when it cannot be read
     */
    public DocumentFacts document() {
        return DocumentFacts.of(Json.object(report, "document"));
    }

    /**
     * Returns its signatures and document time stamps.
     *
     * @return them, in the order in which they were made
     */
    public List<SignatureReport> signatures() {
        return Json.list(report, "signatures", SignatureReport::new);
    }

    /**
     * Says whether everybody signed who had to.
     *
     * @return null when that was not asked
     */
    public SignersReport signers() {
        return SignersReport.of(Json.object(report, "signers"));
    }

    /**
     * Says how it differs from the document that was sent.
     *
     * @return null when none was given
     */
    public SentReport sent() {
        return SentReport.of(Json.object(report, "sent"));
    }

    /**
     * Returns the library's report, also with what is newer than this package.
     *
     * @return a JSON object
     */
    public String toJson() {
        return report.toString();
    }

    /** Returns the verdict and the codes of its reasons, e.g. {@code invalid (untrusted)}: no names, and so fit for a log. */
    @Override
    public String toString() {
        String codes = reasons().stream().map(VerificationReason::code).distinct().collect(Collectors.joining(", "));
        return Json.text(report, "verdict", "") + (codes.isEmpty() ? "" : " (" + codes + ")");
    }
}
