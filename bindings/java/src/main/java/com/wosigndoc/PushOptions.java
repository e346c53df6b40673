package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.Objects;

/** Says how a push is received: limits, what is expected, and where the document goes. Options are immutable. */
public final class PushOptions {
    /** Limits as they are, nothing particular expected, the document in memory. */
    public static final PushOptions DEFAULT = new PushOptions(new JsonObject());

    private final JsonObject options;

    private PushOptions(JsonObject options) {
        this.options = options;
    }

    /**
     * Lets the document go into this file, which gets its name only when the hash held and the bytes are on
     * disk.
     *
     * @param file the file; one that exists is replaced, unless {@link #overwrite} says otherwise
     * @return options that say so
     */
    public PushOptions toFile(Path file) {
        JsonObject copy = options.deepCopy();
        copy.addProperty("path", HostFile.name(file));
        return new PushOptions(copy);
    }

    /**
     * Demands that the push is for this contract.
     *
     * @param orderNumber the caller's number of the contract
     * @return options that say so
     */
    public PushOptions expectOrderNumber(String orderNumber) {
        return with("expect", "ordernumber", Objects.requireNonNull(orderNumber, "orderNumber"));
    }

    /**
     * Demands that the push is for this order of the platform's.
     *
     * @param signid the platform's id
     * @return options that say so
     */
    public PushOptions expectSignid(String signid) {
        return with("expect", "signid", Objects.requireNonNull(signid, "signid"));
    }

    /**
     * Limits the length of the body.
     *
     * @param bytes 256 MiB unless set
     * @return options that say so
     */
    public PushOptions maxBody(long bytes) {
        return limit("body", bytes);
    }

    /**
     * Limits the length of the body without its document.
     *
     * @param bytes 64 KiB unless set
     * @return options that say so
     */
    public PushOptions maxEnvelope(long bytes) {
        return limit("envelope", bytes);
    }

    /**
     * Limits the nesting of the JSON.
     *
     * @param levels 32 unless set
     * @return options that say so
     */
    public PushOptions maxDepth(int levels) {
        return limit("depth", levels);
    }

    /**
     * Sets whether a file that is there already is replaced. If not, one that holds the very same document is
     * fine ({@link ReceivedPush#alreadyStored()}), and any other is an error.
     *
     * @param replace true unless set
     * @return options that say so
     */
    public PushOptions overwrite(boolean replace) {
        JsonObject copy = options.deepCopy();
        copy.addProperty("overwrite", replace);
        return new PushOptions(copy);
    }

    /**
     * Takes only a document whose signatures prove it: one whose verdict is not {@link Verdict#VALID} is refused by an
     * {@link UntrustedException}. It replaces a verification that was set before: {@link VerifyOptions#toBuilder} adds to
     * one.
     *
     * @param verification whom you trust, and what you demand
     * @return options that say so
     * @throws InvalidCallException when the document that was sent is given by its bytes: give its file
     */
    public PushOptions verify(VerifyOptions verification) {
        if (verification.sent() != null) {
            throw InvalidCallException.sentAsBytes();
        }
        JsonObject copy = options.deepCopy();
        copy.add("verify", verification.json());
        return new PushOptions(copy);
    }

    /**
     * Keeps documents that {@link #verify} refuses: {@code SHA-256.pdf}, and beside each its report. What is further than
     * 1000 is refused all the same, and not kept.
     *
     * @param folder the folder, which is made, for this user alone, where it is missing
     * @return options that say so
     */
    public PushOptions quarantine(Path folder) {
        return with("quarantine", "folder", HostFile.name(folder));
    }

    /**
     * Does the same for another number of documents.
     *
     * @param folder the folder
     * @param maxFiles how many documents it holds at most
     * @return options that say so
     */
    public PushOptions quarantine(Path folder, int maxFiles) {
        JsonObject copy = quarantine(folder).options;
        object(copy, "quarantine").addProperty("max_files", maxFiles);
        return new PushOptions(copy);
    }

    /**
     * Takes options as JSON, for what has no method here.
     *
     * @param json a JSON object
     * @return the options
     */
    public static PushOptions ofJson(String json) {
        return new PushOptions(com.google.gson.JsonParser.parseString(json).getAsJsonObject());
    }

    PushOptions toMemory() {
        JsonObject copy = options.deepCopy();
        copy.remove("path");
        return new PushOptions(copy);
    }

    byte[] bytes() {
        return Json.bytes(options.toString());
    }

    boolean verifies() {
        return options.has("verify") || options.has("quarantine");
    }

    boolean namesFile() {
        return options.has("path");
    }

    /** Whether a body of this length is beyond the limit that was set. */
    boolean refuses(long length) {
        JsonElement limits = options.get("limits");
        JsonElement body = limits instanceof JsonObject ? limits.getAsJsonObject().get("body") : null;
        return body instanceof JsonPrimitive && body.getAsJsonPrimitive().isNumber() && length > body.getAsLong();
    }

    private PushOptions limit(String name, long value) {
        JsonObject copy = options.deepCopy();
        object(copy, "limits").addProperty(name, value);
        return new PushOptions(copy);
    }

    private PushOptions with(String group, String name, String value) {
        JsonObject copy = options.deepCopy();
        object(copy, group).addProperty(name, value);
        return new PushOptions(copy);
    }

    private static JsonObject object(JsonObject parent, String name) {
        if (!parent.has(name)) {
            parent.add(name, new JsonObject());
        }
        return parent.getAsJsonObject(name);
    }
}
