package com.wosigndoc;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Verifies signed documents offline: by their own signatures and by the roots that you trust. A document that fails is no
 * exception: read the report.
 */
public final class Verification {
    private static final byte[] NONE = new byte[0];

    private Verification() {}

    /**
     * Verifies a document in a file.
     *
     * @param document the file
     * @param options whom you trust, and what you demand
     * @return the report
     * @throws InvalidCallException when an option is wrong: {@link InvalidCallException#field} names it
     * @throws FileException when the file cannot be read
     */
    public static VerificationReport verify(Path document, VerifyOptions options) {
        return HostFile.nameable(document)
                ? verify(NONE, options, options.json(document))
                : verify(read(document), options);
    }

    /**
     * Verifies a document in memory.
     *
     * @param document its bytes, of which there is at least one
     * @param options whom you trust, and what you demand
     * @return the report
     * @throws InvalidCallException when an option is wrong: {@link InvalidCallException#field} names it, or
     *     {@code path} when there are no bytes
     */
    public static VerificationReport verify(byte[] document, VerifyOptions options) {
        return verify(Objects.requireNonNull(document, "document"), options, options.json());
    }

    /**
     * Names the top of each chain of certificates in a document, for a site that has no published root: a person looks
     * at the first contract, and if it is right, puts the blocks into the options. Nothing is trusted by itself.
     *
     * @param document the file
     * @param options of which the password counts
     * @return the blocks
     */
    public static TrustReport trustOf(Path document, VerifyOptions options) {
        return HostFile.nameable(document)
                ? trustOf(NONE, options.json(document))
                : trustOf(read(document), options);
    }

    /**
     * Does the same with a document in memory.
     *
     * @param document its bytes
     * @param options of which the password counts
     * @return the blocks
     */
    public static TrustReport trustOf(byte[] document, VerifyOptions options) {
        return trustOf(Objects.requireNonNull(document, "document"), options.json());
    }

    private static VerificationReport verify(byte[] document, VerifyOptions options, JsonObject settings) {
        byte[] json = Json.bytes(settings.toString());
        byte[] sent = options.sent() == null ? NONE : options.sent();
        return new VerificationReport(Invocation.run((out, length) -> NativeCalls.wsd_verify(
                document, document.length, sent, sent.length, json, json.length, out, length)));
    }

    private static TrustReport trustOf(byte[] document, JsonObject settings) {
        byte[] json = Json.bytes(settings.toString());
        return new TrustReport(Invocation.run((out, length) ->
                NativeCalls.wsd_trust_of(document, document.length, json, json.length, out, length)));
    }

    private static byte[] read(Path document) {
        try {
            return Files.readAllBytes(document);
        } catch (IOException error) {
            throw FileException.reading(document.toString(), error);
        }
    }
}
