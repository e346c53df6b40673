package com.wosigndoc.testing;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Reads the control API's documents. */
final class Json {
    private static final Gson WRITER = new Gson();

    private Json() {}

    /** Returns an object of names, each with a text, a number, a yes or no, or null, which leaves it out. */
    static JsonObject of(Object... pairs) {
        JsonObject made = new JsonObject();
        for (int at = 0; at < pairs.length; at += 2) {
            if (pairs[at + 1] != null) {
                made.add((String) pairs[at], WRITER.toJsonTree(pairs[at + 1]));
            }
        }
        return made;
    }

    static JsonObject object(byte[] bytes) {
        return JsonParser.parseString(text(bytes)).getAsJsonObject();
    }

    /** Returns an object of bytes that may be none; null when they are not. */
    static JsonObject objectOrNull(byte[] bytes) {
        try {
            return object(bytes);
        } catch (JsonParseException | IllegalStateException other) {
            return null;
        }
    }

    static <T> List<T> list(byte[] bytes, Function<JsonObject, T> read) {
        List<T> found = new ArrayList<>();
        for (JsonElement each : JsonParser.parseString(text(bytes)).getAsJsonArray()) {
            found.add(read.apply(each.getAsJsonObject()));
        }
        return Collections.unmodifiableList(found);
    }

    static boolean has(JsonObject object, String name) {
        return object != null && object.has(name) && !object.get(name).isJsonNull();
    }

    static String text(JsonObject object, String name) {
        return has(object, name) ? object.get(name).getAsString() : null;
    }

    static Integer number(JsonObject object, String name) {
        return has(object, name) ? Integer.valueOf(object.get(name).getAsInt()) : null;
    }

    static Instant time(JsonObject object, String name) {
        return has(object, name) ? Instant.parse(object.get(name).getAsString()) : null;
    }

    /** Returns the object of that name; null when there is none. */
    static JsonObject child(JsonObject object, String name) {
        return has(object, name) ? object.getAsJsonObject(name) : null;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
