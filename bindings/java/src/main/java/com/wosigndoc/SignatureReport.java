package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;

/** Holds what was found about one signature of a document. */
public final class SignatureReport {
    private final JsonObject report;

    SignatureReport(JsonElement report) {
        this.report = report.getAsJsonObject();
    }

    /** Says what kind of signature it is. */
    public enum Kind {
        /** Somebody's signature. */
        SIGNATURE,
        /** A document time stamp. */
        DOCUMENT_TIME_STAMP,
        /** A word that this package does not know. */
        OTHER
    }

    /** Says whether a signature fits what it is over. */
    public enum Integrity {
        /** It does. */
        OK,
        /** It does not. */
        BROKEN,
        /** Nobody here can say. */
        UNSUPPORTED,
        /** A word that this package does not know. */
        OTHER
    }

    /** Says whether a signer is trusted. */
    public enum Trust {
        /** Its certificate leads to a given root, and was good at the time. */
        TRUSTED,
        /** It leads to none, or may not be used so. */
        UNTRUSTED,
        /** It, or one above it, had expired. */
        EXPIRED,
        /** It, or one above it, was revoked. */
        REVOKED,
        /** Nobody here can say. */
        UNDECIDED,
        /** A word that this package does not know. */
        OTHER
    }

    /** Says whether certificates were revoked. */
    public enum Revocation {
        /** The document proves that none was. */
        GOOD,
        /** One was. */
        REVOKED,
        /** The document does not prove it. */
        UNKNOWN,
        /** A word that this package does not know. */
        OTHER
    }

    /** Says how far a signature reaches. */
    public enum Coverage {
        /** To the end of the file. */
        WHOLE_FILE,
        /** To the end of an earlier revision. */
        REVISION,
        /** To somewhere within a revision. */
        PART_OF_REVISION,
        /** Its byte range has not the shape that it must have. */
        MALFORMED,
        /** A word that this package does not know. */
        OTHER
    }

    /** Says what was changed after a signature. */
    public enum Changes {
        /** Nothing. */
        NONE,
        /** Only what may be. */
        PERMITTED,
        /** What may not be. */
        NOT_PERMITTED,
        /** Nobody here can say. */
        UNDECIDED,
        /** A word that this package does not know. */
        OTHER
    }

    /**
     * Returns its form field.
     *
     * @return the full name
     */
    public String field() {
        return Json.text(report, "field", "");
    }

    /**
     * Says whether it is somebody's signature or a time stamp.
     *
     * @return its kind
     */
    public Kind kind() {
        return Json.word(report, "kind", Kind.OTHER);
    }

    /**
     * Returns how it is written in the PDF.
     *
     * @return its {@code /SubFilter}, or null
     */
    public String subFilter() {
        return Json.text(report, "sub_filter", null);
    }

    /**
     * Returns the page that it is seen on.
     *
     * @return the page, counted from 1, or null
     */
    public Integer page() {
        return Json.number(report, "page");
    }

    /**
     * Returns where on the page it is.
     *
     * @return left, bottom, right and top in the page's own units; null when it is not seen
     */
    public double[] box() {
        List<Double> box = Json.list(report, "box", each -> each.isJsonNull() ? Double.NaN : each.getAsDouble());
        return box.isEmpty() ? null : box.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /**
     * Returns whose certificate signed. Who that is proves nothing unless {@link #trust} does.
     *
     * @return the certificate, or null
     */
    public SigningCertificate signer() {
        return SigningCertificate.of(Json.object(report, "signer"));
    }

    /**
     * Returns the certificates above the signer's, as far as they are known.
     *
     * @return them, from the issuer up
     */
    public List<SigningCertificate> chain() {
        return Json.list(report, "chain", each -> SigningCertificate.of(each.getAsJsonObject()));
    }

    /**
     * Returns the name that stands in the signature, for which nobody vouches but the signer.
     *
     * @return its {@code /Name}, or null
     */
    public String name() {
        return Json.text(report, "name", null);
    }

    /**
     * Returns the reason that stands in the signature, for which nobody vouches but the signer.
     *
     * @return its {@code /Reason}, or null
     */
    public String reason() {
        return Json.text(report, "reason", null);
    }

    /**
     * Returns the location that stands in the signature, for which nobody vouches but the signer.
     *
     * @return its {@code /Location}, or null
     */
    public String location() {
        return Json.text(report, "location", null);
    }

    /**
     * Returns the time that the signer claims, which proves nothing.
     *
     * @return the time, or null
     */
    public SignatureTime claimedTime() {
        return SignatureTime.of(Json.object(report, "claimed_time"));
    }

    /**
     * Returns the time by which a trusted time stamp proves that it was signed.
     *
     * @return the time, or null
     */
    public SignatureTime provenTime() {
        return SignatureTime.of(Json.object(report, "proven_time"));
    }

    /**
     * Returns the time that its certificate was judged at.
     *
     * @return the time, or null
     */
    public Instant judgedAt() {
        return Json.instant(report, "judged_at");
    }

    /**
     * Returns its algorithms.
     *
     * @return their names, or null
     */
    public Algorithms algorithms() {
        return Algorithms.of(Json.object(report, "algorithms"));
    }

    /**
     * Says whether it fits what it is over.
     *
     * @return the finding
     */
    public Finding<Integrity> integrity() {
        return Finding.of(report, "integrity", Integrity.OTHER);
    }

    /**
     * Says whether the signer is trusted.
     *
     * @return the finding
     */
    public Finding<Trust> trust() {
        return Finding.of(report, "trust", Trust.OTHER);
    }

    /**
     * Says whether a certificate was revoked.
     *
     * @return the finding
     */
    public Finding<Revocation> revocation() {
        return Finding.of(report, "revocation", Revocation.OTHER);
    }

    /**
     * Says how far it reaches.
     *
     * @return the finding
     */
    public Finding<Coverage> coverage() {
        return Finding.of(report, "coverage", Coverage.OTHER);
    }

    /**
     * Returns the byte behind the last one that is signed.
     *
     * @return its place in the file, or null
     */
    public Long signedEnd() {
        JsonElement end = report.get("signed_end");
        return end == null || end.isJsonNull() ? null : Long.valueOf(end.getAsLong());
    }

    /**
     * Returns the revision that it covers.
     *
     * @return the revision, counted from 1, or null
     */
    public Integer revision() {
        return Json.number(report, "revision");
    }

    /**
     * Says what was changed since.
     *
     * @return the finding
     */
    public Finding<Changes> changes() {
        return Finding.of(report, "changes", Changes.OTHER);
    }

    /**
     * Returns each change since.
     *
     * @return the changes, the worst first
     */
    public List<DocumentChange> changed() {
        return Json.list(report, "changed", DocumentChange::new);
    }

    /**
     * Says whether there are more changes than are listed.
     *
     * @return whether
     */
    public boolean moreChanges() {
        return Json.flag(report, "more_changes");
    }

    /**
     * Returns what it allows afterwards, if it certifies the document.
     *
     * @return as {@link DocumentFacts#certification}
     */
    public Integer certification() {
        return Json.number(report, "certification");
    }

    /**
     * Returns what is weak about its algorithms.
     *
     * @return e.g. {@code sha1} or {@code rsa 1024}; empty when nothing is
     */
    public List<String> weak() {
        return Json.list(Json.objectOrEmpty(report, "strength"), "weak", JsonElement::getAsString);
    }

    /**
     * Returns the time stamp over it.
     *
     * @return what was found about it; null when there is none
     */
    public TimeStampReport timeStamp() {
        return TimeStampReport.of(Json.object(report, "time_stamp"));
    }

    /**
     * Returns what is odd about it, and breaks nothing.
     *
     * @return sentences, perhaps none
     */
    public List<Bilingual> warnings() {
        return Json.list(report, "warnings", Bilingual::new);
    }
}
