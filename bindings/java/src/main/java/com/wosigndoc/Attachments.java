package com.wosigndoc;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Holds the byte ranges that are passed beside an order's JSON, for the time of one call. */
final class Attachments implements AutoCloseable {
    private static final int MAX_IN_MEMORY = 1 << 20;

    private final List<Long> starts = new ArrayList<>();
    private final List<Long> lengths = new ArrayList<>();
    // Held so that neither memory nor a direct buffer is collected during the call.
    private final List<Object> held = new ArrayList<>();
    private final List<Spool.Place> spooled = new ArrayList<>();

    Attachments() {
        // Before JNA's memory is used: when JNA itself cannot be, this says so.
        NativeLibraryLoader.ensure();
    }

    /** Returns how the order's JSON refers to a source. */
    JsonElement refer(DocumentSource source) {
        if (source.base64 != null) {
            return new JsonPrimitive(source.base64);
        }
        if (source.path != null) {
            return HostFile.nameable(source.path) ? path(source.path) : read(source.path);
        }
        return source.buffer == null ? read(source.stream()) : attach(source.buffer.duplicate());
    }

    JsonObject attach(ByteBuffer buffer) {
        long length = buffer.remaining();
        starts.add(Pointer.nativeValue(buffer.isDirect() ? pointTo(buffer) : copy(buffer)));
        lengths.add(length);
        JsonObject reference = new JsonObject();
        reference.addProperty("attachment", starts.size() - 1);
        return reference;
    }

    long count() {
        return starts.size();
    }

    /** Returns the C array of pointers. */
    long[] pointers() {
        return starts.stream().mapToLong(Long::longValue).toArray();
    }

    /** Returns the C array of lengths. */
    long[] lengths() {
        return lengths.stream().mapToLong(Long::longValue).toArray();
    }

    /** Ends the call. Memory and temporary files go now, not when the collector comes by. */
    @Override
    public void close() {
        for (Object memory : held) {
            if (memory instanceof Memory) {
                ((Memory) memory).close();
            }
        }
        held.clear();
        spooled.forEach(Spool.Place::close);
    }

    private Pointer pointTo(ByteBuffer buffer) {
        ByteBuffer slice = buffer.slice();
        held.add(slice);
        return slice.hasRemaining() ? Native.getDirectBufferPointer(slice) : null;
    }

    private Pointer copy(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            return null;
        }
        Memory memory = new Memory(buffer.remaining());
        memory.getByteBuffer(0, buffer.remaining()).put(buffer);
        held.add(memory);
        return memory;
    }

    private JsonElement read(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return read(stream);
        } catch (IOException error) {
            throw FileException.reading(file.toString(), error);
        }
    }

    private JsonElement read(InputStream stream) {
        try {
            ByteArrayOutputStream small = new ByteArrayOutputStream();
            byte[] piece = new byte[16 * 1024];
            for (int got = stream.read(piece); got >= 0; got = stream.read(piece)) {
                small.write(piece, 0, got);
                if (small.size() > MAX_IN_MEMORY) {
                    return path(spool(small, stream, piece));
                }
            }
            return attach(ByteBuffer.wrap(small.toByteArray()));
        } catch (IOException error) {
            throw FileException.reading("the stream", error);
        }
    }

    private Path spool(ByteArrayOutputStream start, InputStream rest, byte[] piece) throws IOException {
        Spool.Place place = Spool.temporary().place();
        spooled.add(place);
        Path file = place.file("document");
        try (OutputStream out = Files.newOutputStream(file)) {
            start.writeTo(out);
            for (int got = rest.read(piece); got >= 0; got = rest.read(piece)) {
                out.write(piece, 0, got);
            }
        }
        return file;
    }

    private static JsonObject path(Path file) {
        JsonObject reference = new JsonObject();
        reference.addProperty("path", HostFile.name(file));
        return reference;
    }
}
