package com.wosigndoc;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/** Makes one call into the library: its answer is read and freed, its failure thrown. */
@FunctionalInterface
interface Invocation {
    /** Calls a function that hands out a JSON document through these two places. */
    int call(long[] out, long[] outLength);

    /** Returns the answer of a call, and throws its failure. */
    static JsonObject run(Invocation invocation) {
        NativeLibraryLoader.ensure();
        long[] out = new long[1];
        long[] length = new long[1];
        int status = invocation.call(out, length);
        byte[] text = take(out[0], length[0]);
        JsonObject document = text.length == 0
                ? new JsonObject()
                : JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject();
        if (status != 0) {
            throw WoSignDocException.of(status, document);
        }
        return document;
    }

    /** Copies the bytes of a buffer that the library allocated, and frees it. */
    static byte[] take(long address, long length) {
        if (address == 0) {
            return new byte[0];
        }
        Pointer buffer = new Pointer(address);
        try {
            if (length > Integer.MAX_VALUE - 8) {
                throw InternalException.documentTooLarge();
            }
            return buffer.getByteArray(0, (int) length);
        } finally {
            NativeCalls.wsd_free(buffer, length);
        }
    }
}
