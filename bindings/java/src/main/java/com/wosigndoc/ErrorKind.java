package com.wosigndoc;

import com.google.gson.JsonObject;
import java.util.function.Function;

/** Says what kind of failure an exception reports. Each kind has an exception class of its own. */
public enum ErrorKind {
    /** A call was made wrongly, or a configuration does not hold together. */
    ARGUMENT("argument", InvalidCallException::new),
    /** The order breaks rules of the protocol; all violations are listed. */
    INVALID_ORDER("invalid_order", InvalidOrderException::new),
    /** The platform answered, and said no. */
    PLATFORM("platform", PlatformException::new),
    /** The network failed before or while the order was sent. */
    TRANSPORT("transport", TransportException::new),
    /** No trusted TLS connection came about. */
    TLS("tls", TlsException::new),
    /** A time limit ran out. */
    TIMEOUT("timeout", CallTimeoutException::new),
    /** The other side sent something that is not the protocol. */
    PROTOCOL("protocol", ProtocolException::new),
    /** The document that arrived does not match its hash. */
    INTEGRITY("integrity", IntegrityException::new),
    /** The document or its sender is not who was expected. */
    UNTRUSTED("untrusted", UntrustedException::new),
    /** A file could not be read or written, or the system has run out of something. */
    IO("io", FileException::new),
    /** A defect in this library, or a kind that a newer native library has and this package does not know. */
    INTERNAL("internal", InternalException::new),
    /** The native library cannot be used. */
    NATIVE_LIBRARY("native_library", NativeLibraryException::new);

    private final String word;
    private final Function<JsonObject, WoSignDocException> exception;

    ErrorKind(String word, Function<JsonObject, WoSignDocException> exception) {
        this.word = word;
        this.exception = exception;
    }

    /**
     * Returns the native library's word for it, e.g. {@code invalid_order}.
     *
     * @return the word
     */
    public String word() {
        return word;
    }

    WoSignDocException exception(JsonObject document) {
        return exception.apply(document);
    }

    /** Returns the kind of that word; null when there is none. */
    static ErrorKind of(String word) {
        for (ErrorKind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        return null;
    }
}
