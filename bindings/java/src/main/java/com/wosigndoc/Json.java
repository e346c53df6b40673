package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Reads and writes the library's documents. */
final class Json {
    private Json() {}

    static String text(JsonObject object, String name, String otherwise) {
        JsonElement value = object.get(name);
        return value == null || value.isJsonNull() ? otherwise : value.getAsString();
    }

    /**
     * Returns a text as the library reads it, in UTF-8.
     *
     * @throws IllegalArgumentException for half of a surrogate pair, which UTF-8 cannot write: replaced by a
     *     question mark, two different numbers could become one
     */
    static byte[] bytes(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(bytes.array(), bytes.remaining());
        } catch (CharacterCodingException error) {
            throw new IllegalArgumentException("a text holds half of a surrogate pair (文本含有不成对的代理字符)", error);
        }
    }

    static <T> List<T> list(JsonObject object, String name, Function<JsonElement, T> read) {
        JsonElement value = object.get(name);
        List<T> list = new ArrayList<>();
        if (value instanceof JsonArray) {
            value.getAsJsonArray().forEach(element -> list.add(read.apply(element)));
        }
        return Collections.unmodifiableList(list);
    }

    /** Sets a field; null takes it away. */
    static void put(JsonObject object, String name, String value) {
        if (value != null) {
            object.addProperty(name, value);
        } else {
            object.remove(name);
        }
    }
}
