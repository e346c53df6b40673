package com.wosigndoc;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;

/** Holds a push that arrived whole and whose hash held: a signed document, or the news that an order failed. */
public final class ReceivedPush {
    private final JsonObject result;
    private final byte[] document;
    private Path path;

    ReceivedPush(JsonObject result, byte[] document) {
        this.result = result;
        this.document = document;
        String file = Json.text(result, "path", null);
        this.path = file == null ? null : Paths.get(file);
    }

    /**
     * Says whether this is a signed document.
     *
     * @return false when the order failed: see {@link #errorCodes()}
     */
    public boolean signed() {
        return result.get("status").getAsInt() == 1;
    }

    /**
     * Returns why the order failed.
     *
     * @return the platform's codes; empty for a signed document
     */
    public List<Integer> errorCodes() {
        return Json.list(result, "errorcodes", element -> Integer.valueOf(element.getAsInt()));
    }

    /**
     * Returns why the order failed, in words.
     *
     * @return the platform's codes with what they mean and what to do; empty for a signed document
     */
    public List<PlatformError> errors() {
        return Json.list(result, "errors", element -> new PlatformError(element.getAsJsonObject()));
    }

    /**
     * Returns why the order failed, as it was given, when some of that is no code.
     *
     * @return the text; null when every code could be read
     */
    public String unreadErrorCode() {
        return Json.text(result, "unread_errorcode", null);
    }

    /**
     * Returns the platform's id of the order.
     *
     * @return the id
     */
    public String signid() {
        return Json.text(result, "signid", null);
    }

    /**
     * Returns the caller's number of the contract.
     *
     * @return the number
     */
    public String orderNumber() {
        return Json.text(result, "ordernumber", null);
    }

    /**
     * Returns the name under which to remember that this push was processed: the same whenever the same
     * document, or failure, of an order comes again.
     *
     * @return 64 hex digits; null for a push that names no order
     */
    public String deliveryKey() {
        return Json.text(result, "delivery_key", null);
    }

    /**
     * Returns what the platform wants to read once the push is processed.
     *
     * @return the body of an answer with status 200
     */
    public String acknowledgement() {
        return Json.text(result, "acknowledgement", null);
    }

    /**
     * Returns the SHA-256 of the document.
     *
     * @return 64 lower-case hex digits; null when the order failed
     */
    public String sha256() {
        return Json.text(result, "sha256", null);
    }

    /**
     * Returns the algorithm of the hash that the platform sent, and that held.
     *
     * @return {@code sha256}, {@code sha384} or {@code sha512}; null when the order failed
     */
    public String hashAlgorithm() {
        return result.has("hash") ? Json.text(result.getAsJsonObject("hash"), "algorithm", null) : null;
    }

    /**
     * Returns how that hash was written.
     *
     * @return {@code hex} or {@code base64}; null when the order failed
     */
    public String hashEncoding() {
        return result.has("hash") ? Json.text(result.getAsJsonObject("hash"), "encoding", null) : null;
    }

    /**
     * Says whether the file held this very document already, and was left as it was ({@link
     * PushOptions#overwrite}).
     *
     * @return false for memory, and for a file that was written
     */
    public boolean alreadyStored() {
        return result.has("already_stored") && result.get("already_stored").getAsBoolean();
    }

    /**
     * Returns the document's length.
     *
     * @return bytes; 0 when the order failed
     */
    public long length() {
        return result.has("length") ? result.get("length").getAsLong() : 0;
    }

    /**
     * Returns the file that holds the document, also after it was moved.
     *
     * @return its path; null when it was received into memory, or the order failed
     */
    public Path path() {
        return path;
    }

    /**
     * Returns the document, when it was received into memory.
     *
     * @return its bytes; null when it is in a file or in a buffer of the caller's, or the order failed
     */
    public byte[] document() {
        return document;
    }

    /**
     * Moves the document's file to its final place, where it is on disk when this returns. A file that is there
     * already is replaced.
     *
     * @param target where the document shall be
     * @return the target
     * @throws FileException when it cannot be moved there
     */
    public Path moveTo(Path target) {
        if (path == null) {
            throw new IllegalStateException("the document is not in a file (文档不在文件中)");
        }
        byte[] from = Json.bytes(HostFile.name(path));
        byte[] to = Json.bytes(HostFile.name(target));
        Invocation.run((out, length) ->
                NativeCalls.wsd_document_move(from, from.length, to, to.length, out, length));
        path = target;
        return target;
    }

    JsonObject json() {
        return result;
    }
}
