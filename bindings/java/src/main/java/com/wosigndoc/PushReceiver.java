package com.wosigndoc;

import com.google.gson.JsonObject;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Receives a push piece by piece, in constant memory: opened, fed, finished. Closing one that was not
 * finished leaves nothing behind. The static methods do all of it in one call.
 */
public final class PushReceiver implements AutoCloseable {
    private static final int PIECE_SIZE = 64 * 1024;

    private final NativeHandle handle;
    // The caller's buffer must not be collected while the library writes into it.
    private final ByteBuffer target;
    private Memory piece;

    private PushReceiver(NativeHandle handle, ByteBuffer target) {
        this.handle = handle;
        this.target = target;
    }

    /**
     * Opens a receiver whose document goes into memory, or into the file that the options name.
     *
     * @param options the options
     * @return the receiver
     */
    public static PushReceiver open(PushOptions options) {
        return open(options, null);
    }

    /**
     * Opens a receiver whose document goes into a buffer, from its position on.
     *
     * @param options the options
     * @param target a direct buffer; three quarters of the body's length always suffice
     * @return the receiver
     */
    public static PushReceiver open(PushOptions options, ByteBuffer target) {
        byte[] json = options.bytes();
        Pointer buffer = target == null ? null : room(target);
        long room = target == null ? 0 : target.remaining();
        long[] push = new long[1];
        Invocation.run((out, length) ->
                NativeCalls.wsd_push_open(json, json.length, buffer, room, push, out, length));
        return new PushReceiver(new NativeHandle(push[0], NativeCalls::wsd_push_abandon), target);
    }

    /**
     * Takes the next piece of the body.
     *
     * @param bytes holds the piece
     * @param offset where it starts
     * @param length how long it is
     */
    public synchronized void feed(byte[] bytes, int offset, int length) {
        if (offset < 0 || length < 0 || length > bytes.length - offset) {
            throw new IndexOutOfBoundsException("offset " + offset + ", length " + length + " of " + bytes.length);
        }
        // Nothing is allocated for a receiver that is closed already.
        handle.use(open -> {
            if (piece == null) {
                piece = new Memory(PIECE_SIZE);
            }
            for (int at = offset, end = offset + length; at < end; ) {
                int step = Math.min(PIECE_SIZE, end - at);
                piece.write(0, bytes, at, step);
                feed(piece, step);
                at += step;
            }
            return null;
        });
    }

    /**
     * Takes the next piece of the body, without a copy.
     *
     * @param bytes a direct buffer with the piece between its position and limit
     */
    public void feed(ByteBuffer bytes) {
        feed(direct(bytes, "bytes"), bytes.remaining());
        bytes.position(bytes.limit());
    }

    private void feed(Pointer start, long length) {
        handle.use(push -> Invocation.run(
                (out, outLength) -> NativeCalls.wsd_push_feed(push, start, length, out, outLength)));
    }

    /**
     * Ends the body: the document is whole, its hash held, and where a file was named it is there, on disk.
     *
     * @return what arrived
     * @throws ProtocolException when it is no push, or was cut short
     * @throws IntegrityException when the hash did not hold
     * @throws UntrustedException when it is for another order than expected, or its document does not prove itself
     */
    public ReceivedPush finish() {
        long[] document = new long[1];
        long[] documentLength = new long[1];
        JsonObject result = handle.use(push -> Invocation.run((out, length) ->
                NativeCalls.wsd_push_finish(push, document, documentLength, out, length)));
        byte[] owned = owned(document[0], documentLength[0]);
        return new ReceivedPush(result, target == null ? inMemory(owned) : advance(target, result));
    }

    /** Ends the receiver. A push that was not finished leaves nothing behind. */
    @Override
    public synchronized void close() {
        handle.close();
        // Freed now: the collector does not see how much native memory it holds.
        if (piece != null) {
            piece.close();
            piece = null;
        }
    }

    /**
     * Receives a whole body.
     *
     * @param body the body
     * @param options the options
     * @return what arrived, the document in memory or in the file that the options name
     */
    public static ReceivedPush receive(byte[] body, PushOptions options) {
        // In pieces where nothing is gained by a copy of the whole: it is refused midway, or goes to a file.
        if (body.length == 0 || options.namesFile() || options.refuses(body.length)) {
            try (PushReceiver receiver = open(options)) {
                receiver.feed(body, 0, body.length);
                return receiver.finish();
            }
        }
        NativeLibraryLoader.ensure();
        try (Memory copy = new Memory(body.length)) {
            copy.write(0, body, 0, body.length);
            long[] document = new long[1];
            long[] documentLength = new long[1];
            JsonObject result = receive(copy, body.length, null, 0, options.bytes(), document, documentLength);
            return new ReceivedPush(result, inMemory(owned(document[0], documentLength[0])));
        }
    }

    /**
     * Receives a whole body into a buffer, without a copy on the way. Afterwards the buffer's position stands
     * behind the document.
     *
     * @param body a direct buffer with the body between its position and limit
     * @param target a direct buffer; three quarters of the body's length always suffice
     * @param options the options
     * @return what arrived
     */
    public static ReceivedPush receive(ByteBuffer body, ByteBuffer target, PushOptions options) {
        Pointer from = direct(body, "body");
        Pointer to = room(target);
        byte[] json = options.bytes();
        JsonObject result = receive(from, body.remaining(), to, target.remaining(), json, new long[1], new long[1]);
        body.position(body.limit());
        return new ReceivedPush(result, advance(target, result));
    }

    private static JsonObject receive(
            Pointer body, long length, Pointer target, long room, byte[] json, long[] document, long[] documentLength) {
        return Invocation.run((out, outLength) -> NativeCalls.wsd_push_receive(
                body, length, json, json.length, target, room, document, documentLength, out, outLength));
    }

    /**
     * Receives a body from a stream, in constant memory when the options name a file.
     *
     * @param body the stream, read to its end; the caller closes it
     * @param options the options
     * @return what arrived
     * @throws IOException when the stream fails; nothing is left behind
     */
    public static ReceivedPush receive(InputStream body, PushOptions options) throws IOException {
        try (PushReceiver receiver = open(options)) {
            byte[] bytes = new byte[PIECE_SIZE];
            for (int got = body.read(bytes); got >= 0; got = body.read(bytes)) {
                receiver.feed(bytes, 0, got);
            }
            return receiver.finish();
        }
    }

    /** Moves the position behind the document. Returns the document's part of the buffer. */
    private static ByteBuffer advance(ByteBuffer target, JsonObject result) {
        int length = result.has("length") ? result.get("length").getAsInt() : 0;
        ByteBuffer document = target.duplicate();
        document.limit(document.position() + length);
        target.position(target.position() + length);
        return document;
    }

    // A file of the options leaves nothing in memory.
    private static ByteBuffer inMemory(byte[] document) {
        return document == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(document);
    }

    private static byte[] owned(long address, long length) {
        return address == 0 ? null : Invocation.take(address, length);
    }

    // A full buffer is a target too, too small a one, and not none at all.
    private static Pointer room(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("target must not be read-only (不能是只读缓冲区)");
        }
        Pointer start = direct(target, "target");
        return start != null ? start : Native.getDirectBufferPointer(target);
    }

    private static Pointer direct(ByteBuffer buffer, String name) {
        NativeLibraryLoader.ensure();
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException(name + " must be a direct buffer (应为直接缓冲区)");
        }
        return buffer.hasRemaining() ? Native.getDirectBufferPointer(buffer.slice()) : null;
    }
}
