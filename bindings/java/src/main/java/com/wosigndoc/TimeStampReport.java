package com.wosigndoc;

import com.google.gson.JsonObject;
import java.time.Instant;

/** Holds what was found about the time stamp over a signature. */
public final class TimeStampReport {
    private final JsonObject stamp;

    private TimeStampReport(JsonObject stamp) {
        this.stamp = stamp;
    }

    static TimeStampReport of(JsonObject stamp) {
        return stamp == null ? null : new TimeStampReport(stamp);
    }

    /**
     * Returns the time that it says, which proves something only where {@link SignatureReport#provenTime} has it.
     *
     * @return the time, or null
     */
    public Instant time() {
        return Json.instant(stamp, "time");
    }

    /**
     * Says whether it fits what it is over.
     *
     * @return the finding
     */
    public Finding<SignatureReport.Integrity> integrity() {
        return Finding.of(stamp, "integrity", SignatureReport.Integrity.OTHER);
    }

    /**
     * Says whether whoever made it is trusted.
     *
     * @return the finding; null when that was not judged
     */
    public Finding<SignatureReport.Trust> trust() {
        return Json.object(stamp, "trust") == null
                ? null
                : Finding.of(stamp, "trust", SignatureReport.Trust.OTHER);
    }

    /**
     * Returns who made it.
     *
     * @return the certificate, or null
     */
    public SigningCertificate signer() {
        return SigningCertificate.of(Json.object(stamp, "signer"));
    }

    /**
     * Returns its algorithms.
     *
     * @return their names, or null
     */
    public Algorithms algorithms() {
        return Algorithms.of(Json.object(stamp, "algorithms"));
    }
}
