package com.wosigndoc;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;

/** What a client was made of; nothing secret. */
public final class ClientAbout {
    private final JsonObject document;
    private final JsonObject certificate;

    ClientAbout(JsonObject document) {
        this.document = document;
        this.certificate = document.getAsJsonObject("certificate");
    }

    /**
     * Where orders go.
     *
     * @return the platform's URL
     */
    public String endpoint() {
        return Json.text(document, "endpoint", "");
    }

    /**
     * Whom the client certificate names.
     *
     * @return a distinguished name
     */
    public String certificateSubject() {
        return Json.text(certificate, "subject", "");
    }

    /**
     * Who issued the client certificate.
     *
     * @return a distinguished name
     */
    public String certificateIssuer() {
        return Json.text(certificate, "issuer", "");
    }

    /**
     * The client certificate's serial number.
     *
     * @return hex digits
     */
    public String certificateSerial() {
        return Json.text(certificate, "serial", "");
    }

    /**
     * From when on the client certificate is valid.
     *
     * @return the time
     */
    public Instant certificateNotBefore() {
        return Instant.parse(Json.text(certificate, "not_before", ""));
    }

    /**
     * Until when the client certificate is valid.
     *
     * @return the time
     */
    public Instant certificateNotAfter() {
        return Instant.parse(Json.text(certificate, "not_after", ""));
    }

    /**
     * SHA-256 of the client certificate's public key (SPKI): what is registered with the platform.
     *
     * @return 64 lower-case hex digits
     */
    public String publicKeySha256() {
        return Json.text(certificate, "spki_sha256", "");
    }

    /**
     * Oddities of the configuration that stopped nothing, such as a certificate that expires soon.
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
