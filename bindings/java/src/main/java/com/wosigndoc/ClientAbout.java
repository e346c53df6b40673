package com.wosigndoc;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * Describes what a client was made of. It holds nothing secret. Of a client whose {@link Transport} does not say which
 * certificate it shows, what concerns the certificate is empty, and its times are null.
 */
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
        return time("not_before");
    }

    /**
     * Returns the time until which the client certificate is valid.
     *
     * @return the time
     */
    public Instant certificateNotAfter() {
        return time("not_after");
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

    private Instant time(String name) {
        String time = Json.text(certificate, name, null);
        return time == null ? null : Instant.parse(time);
    }

    @Override
    public String toString() {
        return document.toString();
    }
}
