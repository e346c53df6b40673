package com.wosigndoc;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Random;

/** Bodies such as the platform posts, and documents for them. */
final class Pushes {
    private Pushes() {}

    static byte[] document(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] signed(String signid, byte[] document) {
        JsonObject data = new JsonObject();
        data.addProperty("signid", signid);
        data.addProperty("ordernumber", "N-" + signid);
        data.addProperty("content", Base64.getEncoder().encodeToString(document));
        data.addProperty("hash", sha256(document));
        return body(1, "0", data);
    }

    static byte[] failed(String signid, String codes) {
        return failed(signid, "N-" + signid, codes);
    }

    /** Without the ids that are null. */
    static byte[] failed(String signid, String orderNumber, String codes) {
        JsonObject data = new JsonObject();
        Json.put(data, "signid", signid);
        Json.put(data, "ordernumber", orderNumber);
        return body(0, codes, data);
    }

    static String sha256(byte[] bytes) {
        try {
            StringBuilder hex = new StringBuilder();
            for (byte b : MessageDigest.getInstance("SHA-256").digest(bytes)) {
                hex.append(String.format("%02x", b));
            }
            return hex.toString();
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static byte[] body(int status, String codes, JsonObject data) {
        JsonObject push = new JsonObject();
        push.addProperty("actiontype", "PushSignedDoc");
        push.addProperty("status", status);
        push.addProperty("errorcode", codes);
        push.add("extendData", data);
        return push.toString().getBytes(StandardCharsets.UTF_8);
    }
}
