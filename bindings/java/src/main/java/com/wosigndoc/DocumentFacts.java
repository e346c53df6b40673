package com.wosigndoc;

import com.google.gson.JsonObject;

/** Holds facts about a document that was verified. */
public final class DocumentFacts {
    private final JsonObject facts;

    private DocumentFacts(JsonObject facts) {
        this.facts = facts;
    }

    static DocumentFacts of(JsonObject facts) {
        return facts == null ? null : new DocumentFacts(facts);
    }

    /**
     * Returns its length.
     *
     * @return bytes
     */
    public long size() {
        return facts.has("size") ? facts.get("size").getAsLong() : 0;
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
     * Returns how many pages it has.
     *
     * @return the number; null when they cannot be read
     */
    public Integer pages() {
        return Json.number(facts, "pages");
    }

    /**
     * Returns how many revisions it has: each signature adds one.
     *
     * @return the number, or null
     */
    public Integer revisions() {
        return Json.number(facts, "revisions");
    }

    /**
     * Says whether it is encrypted.
     *
     * @return whether
     */
    public boolean encrypted() {
        return Json.flag(facts, "encrypted");
    }

    /**
     * Returns what the signature that certifies it allows afterwards.
     *
     * @return 1 for nothing, 2 for filling in and signing, 3 for annotations too; null when none certifies it
     */
    public Integer certification() {
        return Json.number(facts, "certification");
    }
}
