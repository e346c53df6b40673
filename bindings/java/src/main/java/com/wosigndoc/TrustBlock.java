package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Base64;

/** Names the top of a chain of certificates, for {@link VerifyOptions.Builder#trust} once a person has looked at it. */
public final class TrustBlock {
    final JsonObject block;

    TrustBlock(JsonElement block) {
        this.block = block.getAsJsonObject();
    }

    /**
     * Returns whose certificate it is.
     *
     * @return the distinguished name
     */
    public String subject() {
        return Json.text(block, "subject", "");
    }

    /**
     * Returns the SHA-256 of the certificate, which is what is trusted.
     *
     * @return 64 lower-case hex digits
     */
    public String sha256() {
        return Json.text(block, "sha256", "");
    }

    /**
     * Returns the certificate.
     *
     * @return its DER, or null
     */
    public byte[] der() {
        String base64 = Json.text(block, "certificate", null);
        return base64 == null ? null : Base64.getDecoder().decode(base64);
    }
}
