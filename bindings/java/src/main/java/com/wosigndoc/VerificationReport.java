package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says whether a signed document is what it claims to be, and why. It names people: keep what its parts say out of logs.
 * {@link #toString} has the words of the verdict and its reasons alone.
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
        UNRECOGNIZED
    }

    /**
     * Says whether the document is signed by whom you trust, and unchanged.
     *
     * @return true for the verdict {@link Verdict#VALID} alone
     */
    public boolean isValid() {
        return verdict() == Verdict.VALID;
    }

    /**
     * Returns the verdict.
     *
     * @return it; {@link Verdict#UNRECOGNIZED} for a word of a newer native library
     */
    public Verdict verdict() {
        return Json.word(report, "verdict", Verdict.UNRECOGNIZED);
    }

    /**
     * Returns what the signatures say of the contents, whoever signed. Never take {@link State#INTACT} for valid.
     *
     * @return the state
     */
    public State state() {
        return Json.word(report, "state", State.UNRECOGNIZED);
    }

    /**
     * Returns what made the verdict so, and what is worth knowing beside it.
     *
     * @return the reasons, the worst first
     */
    public List<Reason> reasons() {
        return Json.list(report, "reasons", Reason::new);
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

    /** Returns the words of the verdict and its reasons, e.g. {@code invalid (untrusted)}: no names, and so fit for a log. */
    @Override
    public String toString() {
        String codes = reasons().stream().map(Reason::code).distinct().collect(Collectors.joining(", "));
        return Json.text(report, "verdict", "") + (codes.isEmpty() ? "" : " (" + codes + ")");
    }

    /** Holds one reason of a verdict. */
    public static final class Reason {
        private final JsonObject reason;

        Reason(JsonElement reason) {
            this.reason = reason.getAsJsonObject();
        }

        /**
         * Returns what it is, for programs.
         *
         * @return a stable word, e.g. {@code untrusted}
         */
        public String code() {
            return Json.text(reason, "code", "");
        }

        /**
         * Returns what follows from it.
         *
         * @return the consequence
         */
        public Consequence then() {
            return Json.word(reason, "then", Consequence.UNRECOGNIZED);
        }

        /**
         * Returns the signature that it is about.
         *
         * @return its form field; null when it is about the whole document
         */
        public String signature() {
            return Json.text(reason, "signature", null);
        }

        /**
         * Returns what it is, for people, whom it may name.
         *
         * @return a sentence in both languages
         */
        public Bilingual message() {
            return new Bilingual(reason.get("message"));
        }

        @Override
        public String toString() {
            return code();
        }
    }
}
