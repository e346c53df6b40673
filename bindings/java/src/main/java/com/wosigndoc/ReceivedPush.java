package com.wosigndoc;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** Holds a push that arrived whole and whose hash held: a signed document, or the news that an order failed. */
public final class ReceivedPush {
    private final JsonObject result;
    // Where the document is when it is in no file; null when the order failed.
    private final ByteBuffer memory;
    private Path path;
    // What the file gets when it is moved to its place; null: what it has.
    private Set<PosixFilePermission> permissions;

    ReceivedPush(JsonObject result, ByteBuffer memory) {
        this.result = result;
        this.memory = memory;
        String file = Json.text(result, "path", null);
        this.path = file == null ? null : Paths.get(file);
    }

    /** Says which permissions the file gets when it leaves the place where it is hidden. */
    void hidden(Set<PosixFilePermission> whenMoved) {
        permissions = whenMoved;
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
     * @return the platform's codes; empty for a signed document, and when no code could be read: see
     *     {@link #unreadErrorCode}
     */
    public List<Integer> errorCodes() {
        return Json.list(result, "errorcodes", element -> Integer.valueOf(element.getAsInt()));
    }

    /**
     * Returns why the order failed, in words.
     *
     * @return the platform's codes with what they mean and what to do; empty when {@link #errorCodes} is
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
     * Returns what was found about the document's signatures ({@link PushOptions#verify}).
     *
     * @return the report of a document that is valid; null when the order failed, or nothing was to be verified
     */
    public VerificationReport report() {
        return VerificationReport.of(result);
    }

    /**
     * Verifies the document by further options, such as with the order that was sent, which only your function knows.
     * Throw when the report is not valid: the push is not acknowledged then.
     *
     * @param options whom you trust, and what you demand
     * @return the report
     * @throws IllegalStateException when the order failed: there is no document
     * @throws InvalidCallException when an option is wrong
     */
    public VerificationReport verify(VerifyOptions options) {
        mustBeSigned();
        return path == null ? Verification.verify(document(), options) : Verification.verify(path, options);
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
     * Returns the file that holds the document, also after {@link #moveTo}. In an endpoint's function it is always
     * there, and gone afterwards.
     *
     * @return its path; null while the document is in memory ({@link #document} has it there, too), or when the
     *     order failed
     */
    public Path path() {
        return path;
    }

    /**
     * Returns the document's bytes, wherever it is: in memory, in a buffer of yours, or in its file, which is read
     * each time. For a large one, {@link #openStream} needs less memory.
     *
     * @return the whole document, such as for a column of a database
     * @throws IllegalStateException when the order failed: there is no document
     * @throws FileException when its file is gone, as after the endpoint's function has returned
     */
    public byte[] document() {
        mustBeSigned();
        if (path == null) {
            byte[] bytes = new byte[memory.remaining()];
            memory.duplicate().get(bytes);
            return bytes;
        }
        if (length() > Integer.MAX_VALUE - 8) {
            throw InternalException.documentTooLarge();
        }
        try {
            return Files.readAllBytes(path);
        } catch (IOException error) {
            throw FileException.gone(path, error);
        }
    }

    /**
     * Opens the document for reading, wherever it is, such as for a column of a database that is {@link #length}
     * bytes long.
     *
     * @return a stream, which the caller closes, before {@link #moveTo} too: Windows may move no file that is open
     * @throws IllegalStateException when the order failed: there is no document
     * @throws FileException when its file is gone, as after the endpoint's function has returned
     */
    public InputStream openStream() {
        mustBeSigned();
        if (path == null) {
            return new ByteArrayInputStream(document());
        }
        try {
            return Files.newInputStream(path);
        } catch (IOException error) {
            throw FileException.gone(path, error);
        }
    }

    /**
     * Stores the document as a file, which is on disk when this returns: it is moved when it is in a file already,
     * else written. A file that is there already is replaced.
     *
     * @param target where the document shall be
     * @return the target
     * @throws IllegalStateException when the order failed: there is no document
     * @throws FileException when it cannot be stored there
     */
    public Path moveTo(Path target) {
        mustBeSigned();
        byte[] to = Json.bytes("target", HostFile.name(target));
        if (path == null) {
            byte[] bytes = document();
            Invocation.run((out, length) ->
                    NativeCalls.wsd_document_write(bytes, bytes.length, to, to.length, out, length));
        } else {
            byte[] from = Json.bytes("path", HostFile.name(path));
            show();
            Invocation.run((out, length) ->
                    NativeCalls.wsd_document_move(from, from.length, to, to.length, out, length));
        }
        path = target;
        return target;
    }

    private void show() {
        if (permissions == null) {
            return;
        }
        try {
            Files.setPosixFilePermissions(path, permissions);
            permissions = null;
        } catch (IOException error) {
            throw FileException.gone(path, error);
        }
    }

    private void mustBeSigned() {
        if (!signed()) {
            throw new IllegalStateException("the order failed: there is no document (订单失败，没有文档)");
        }
    }

    JsonObject json() {
        return result;
    }
}
