package com.wosigndoc;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Base64;

/** Holds what stands in a certificate. */
public final class SigningCertificate {
    private final JsonObject facts;

    private SigningCertificate(JsonObject facts) {
        this.facts = facts;
    }

    static SigningCertificate of(JsonObject facts) {
        return facts == null ? null : new SigningCertificate(facts);
    }

    /**
     * Returns whose it is.
     *
     * @return the distinguished name
     */
    public String subject() {
        return Json.text(facts, "subject", "");
    }

    /**
     * Returns the common name of whose it is.
     *
     * @return the name, or null
     */
    public String name() {
        return Json.text(facts, "name", null);
    }

    /**
     * Returns who issued it.
     *
     * @return the distinguished name
     */
    public String issuer() {
        return Json.text(facts, "issuer", "");
    }

    /**
     * Returns its serial number.
     *
     * @return hex digits
     */
    public String serial() {
        return Json.text(facts, "serial", "");
    }

    /**
     * Returns since when it is valid.
     *
     * @return the time
     */
    public Instant notBefore() {
        return Json.instant(facts, "not_before");
    }

    /**
     * Returns until when it is valid.
     *
     * @return the time
     */
    public Instant notAfter() {
        return Json.instant(facts, "not_after");
    }

    /**
     * Returns its SHA-256.
     *
     * @return 64 lower-case hex digits
     */
    public String sha256() {
        return Json.text(facts, "sha256", "");
    }

    /**
     * Returns the certificate itself, such as for a {@link java.security.cert.CertificateFactory}.
     *
     * @return its DER
     */
    public byte[] der() {
        return Base64.getDecoder().decode(Json.text(facts, "certificate", ""));
    }
}
