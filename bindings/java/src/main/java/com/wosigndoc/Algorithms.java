package com.wosigndoc;

import com.google.gson.JsonObject;

/** Names the algorithms of a signature. */
public final class Algorithms {
    private final JsonObject names;

    private Algorithms(JsonObject names) {
        this.names = names;
    }

    static Algorithms of(JsonObject names) {
        return names == null ? null : new Algorithms(names);
    }

    /**
     * Returns the hash over the document.
     *
     * @return e.g. {@code sha256}
     */
    public String digest() {
        return Json.text(names, "digest", "");
    }

    /**
     * Returns how the hash is signed.
     *
     * @return e.g. {@code ecdsa}
     */
    public String signature() {
        return Json.text(names, "signature", "");
    }

    /**
     * Returns the kind of key.
     *
     * @return e.g. {@code rsa}, or null
     */
    public String key() {
        return Json.text(names, "key", null);
    }

    /**
     * Returns the key's length.
     *
     * @return bits, or null
     */
    public Integer bits() {
        return Json.number(names, "bits");
    }

    /**
     * Returns the key's curve.
     *
     * @return e.g. {@code P-256}, or null
     */
    public String curve() {
        return Json.text(names, "curve", null);
    }
}
