package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Reads and writes the library's documents. */
final class Json {
    private Json() {}

    static String text(JsonObject object, String name, String otherwise) {
        JsonElement value = object.get(name);
        return value == null || value.isJsonNull() ? otherwise : value.getAsString();
    }

    /**
     * Returns a document as the library reads it, in UTF-8.
     *
     * @throws InvalidCallException for half of a surrogate pair, which UTF-8 cannot write: replaced by a question
     *     mark, two different numbers could become one. It names the field.
     */
    static byte[] bytes(String json) {
        return bytes(null, json);
    }

    /** Returns a text of this name in UTF-8; one without a name is a document, whose field at fault is looked for. */
    static byte[] bytes(String name, String text) {
        try {
            ByteBuffer bytes = encode(text);
            return Arrays.copyOf(bytes.array(), bytes.remaining());
        } catch (CharacterCodingException error) {
            throw InvalidCallException.halfACharacter(name == null ? broken(text) : name);
        }
    }

    private static ByteBuffer encode(String text) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    }

    private static String broken(String json) {
        try {
            return broken(JsonParser.parseString(json), "");
        } catch (JsonParseException notJson) {
            return null;
        }
    }

    /** Returns the path of the first text that holds half of a surrogate pair; null when there is none. */
    private static String broken(JsonElement value, String path) {
        if (value instanceof JsonPrimitive) {
            return isWhole(value.getAsString()) ? null : path;
        }
        String found = null;
        if (value instanceof JsonArray) {
            for (int at = 0; found == null && at < value.getAsJsonArray().size(); at++) {
                found = broken(value.getAsJsonArray().get(at), path + "[" + at + "]");
            }
        } else if (value instanceof JsonObject) {
            for (Map.Entry<String, JsonElement> each : value.getAsJsonObject().entrySet()) {
                if (found == null) {
                    // A name that is not whole itself cannot be said.
                    String here = !isWhole(each.getKey()) ? path
                            : path.isEmpty() ? each.getKey() : path + "." + each.getKey();
                    found = isWhole(each.getKey()) ? broken(each.getValue(), here) : here;
                }
            }
        }
        return found;
    }

    private static boolean isWhole(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    static <T> List<T> list(JsonObject object, String name, Function<JsonElement, T> read) {
        JsonElement value = object.get(name);
        List<T> list = new ArrayList<>();
        if (value instanceof JsonArray) {
            value.getAsJsonArray().forEach(element -> list.add(read.apply(element)));
        }
        return Collections.unmodifiableList(list);
    }

    /** Returns a member that is an object; null when there is none. */
    static JsonObject object(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value instanceof JsonObject ? value.getAsJsonObject() : null;
    }

    static JsonObject objectOrEmpty(JsonObject object, String name) {
        JsonObject value = object(object, name);
        return value == null ? new JsonObject() : value;
    }

    static boolean flag(JsonObject object, String name) {
        return Boolean.parseBoolean(text(object, name, null));
    }

    /** Returns a whole number; null when there is none, or one that a document made too large. */
    static Integer number(JsonObject object, String name) {
        JsonElement value = object.get(name);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        long number = value.getAsLong();
        return number == (int) number ? Integer.valueOf((int) number) : null;
    }

    /** Returns a time; null when there is none, or one that a document made unreadable. */
    static Instant instant(JsonObject object, String name) {
        String time = text(object, name, null);
        try {
            return time == null ? null : Instant.parse(time);
        } catch (DateTimeParseException beyond) {
            return null;
        }
    }

    /** Returns the constant that a word of the library's names: its own name, in lower case. */
    static <T extends Enum<T>> T word(JsonObject object, String name, T other) {
        String word = text(object, name, null);
        for (T each : other.getDeclaringClass().getEnumConstants()) {
            if (word(each).equals(word)) {
                return each;
            }
        }
        return other;
    }

    /** Returns the library's word for a constant. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
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
