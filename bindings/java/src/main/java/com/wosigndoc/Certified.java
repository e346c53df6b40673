package com.wosigndoc;

import com.google.gson.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;

/** Describes a certificate as the native library does. */
final class Certified {
    private Certified() {}

    /** Returns its facts; none of one that is not known. */
    static JsonObject describe(X509Certificate certificate) {
        JsonObject facts = new JsonObject();
        if (certificate != null) {
            facts.addProperty("subject", certificate.getSubjectX500Principal().getName());
            facts.addProperty("issuer", certificate.getIssuerX500Principal().getName());
            facts.addProperty("serial", hex(certificate.getSerialNumber().toByteArray()));
            facts.addProperty("not_before", certificate.getNotBefore().toInstant().toString());
            facts.addProperty("not_after", certificate.getNotAfter().toInstant().toString());
            facts.addProperty("spki_sha256", hex(sha256(certificate.getPublicKey().getEncoded())));
        }
        return facts;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java has it.
            throw new IllegalStateException(impossible);
        }
    }

    private static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte each : bytes) {
            hex.append(String.format("%02x", each));
        }
        return hex.toString();
    }
}
