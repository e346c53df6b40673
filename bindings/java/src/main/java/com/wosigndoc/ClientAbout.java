package com.wosigndoc;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;

/** Describes what a client was made of. It holds nothing secret. */
public final class ClientAbout {
    private final JsonObject document;
    private final JsonObject certificate;

    ClientAbout(JsonObject document) {
        this.document = document;
        this.certificate = document.getAsJsonObject("certificate");
    }

    /**
     * Returns the URL to which orders go.
     *
     * @return the platform's URL
     */
    public String endpoint() {
        return Json.text(document, "endpoint", "");
    }

    /**
     * Returns whom the client certificate names.
     *
     * @return a distinguished name
     */
    public String certificateSubject() {
        return Json.text(certificate, "subject", "");
    }

    /**
     * Returns who issued the client certificate.
     *
     * @return a distinguished name
     */
    public String certificateIssuer() {
        return Json.text(certificate, "issuer", "");
    }

    /**
     * Returns the client certificate's serial number.
     *
     * @return hex digits
     */
    public String certificateSerial() {
        return Json.text(certificate, "serial", "");
    }

    /**
     * Returns the time from which on the client certificate is valid.
     *
     * @return the time
     */
    public Instant certificateNotBefore() {
        return Instant.parse(Json.text(certificate, "not_before", ""));
    }

    /**
     * Returns the time until which the client certificate is valid.
     *
     * @return the time
     */
    public Instant certificateNotAfter() {
        return Instant.parse(Json.text(certificate, "not_after", ""));
    }

    /**
     * Returns the SHA-256 of the client certificate's public key (SPKI), which is registered with the platform.
     *
     * @return 64 lower-case hex digits
     */
    public String publicKeySha256() {
        return Json.text(certificate, "spki_sha256", "");
    }

    /**
     * Returns oddities of the configuration that stopped nothing, such as a certificate that expires soon.
     *
     * @return the warnings, perhaps none
     */
    public List<Warning> warnings() {
        return Warning.list(document);
    }

    @Override
    public String toString() {
        return document.toString();
    }
}
