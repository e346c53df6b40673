package com.wosigndoc;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says where the bytes of a document, a seal or a material come from. A file is read while the order is sent; a
 * direct buffer is sent from where it lies; bytes are copied once.
 */
public final class DocumentSource {
    final Path path;
    final ByteBuffer buffer;
    final String base64;
    private final InputStream stream;
    private final AtomicBoolean read = new AtomicBoolean();

    private DocumentSource(Path path, ByteBuffer buffer, InputStream stream, String base64) {
        this.path = path;
        this.buffer = buffer;
        this.stream = stream;
        this.base64 = base64;
    }

    /**
     * Takes a file, which is read and encoded while the order is sent: a large document is never in memory.
     *
     * @param path the file; one of another file system, such as a zip, is read as a stream is
     * @return the content
     */
    public static DocumentSource path(Path path) {
        return new DocumentSource(Objects.requireNonNull(path, "path"), null, null, null);
    }

    /**
     * Takes bytes in memory.
     *
     * @param bytes the bytes, not to be changed until the order is sent
     * @return the content
     */
    public static DocumentSource bytes(byte[] bytes) {
        return new DocumentSource(null, ByteBuffer.wrap(bytes), null, null);
    }

    /**
     * Takes the bytes between a buffer's position and limit; a direct buffer is sent without a copy.
     *
     * @param buffer the buffer, not to be changed until the order is sent
     * @return the content
     */
    public static DocumentSource buffer(ByteBuffer buffer) {
        return new DocumentSource(null, buffer.slice(), null, null);
    }

    /**
     * Takes a stream, which is read to its end when the order is sent, and so serves one call only: another
     * throws {@link IllegalStateException}. Beyond 1 MiB it is kept in a temporary file for the time of the
     * call. The caller closes it.
     *
     * @param stream the stream
     * @return the content
     */
    public static DocumentSource stream(InputStream stream) {
        return new DocumentSource(null, null, Objects.requireNonNull(stream, "stream"), null);
    }

    /**
     * Takes base64 text (standard alphabet, padded, without line breaks), which is passed on as it is.
     *
     * @param base64 the text
     * @return the content
     */
    public static DocumentSource base64(String base64) {
        return new DocumentSource(null, null, null, Objects.requireNonNull(base64, "base64"));
    }

    /** Returns the stream, once only: a second reader would find an empty document. */
    InputStream stream() {
        if (!read.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "the stream was read by an earlier call: give a new one (流已在先前的调用中读取，请提供新的流)");
        }
        return stream;
    }
}
