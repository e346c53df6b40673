package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Reading the library's documents. */
final class Json {
    private Json() {}

    static String text(JsonObject object, String name, String otherwise) {
        JsonElement value = object.get(name);
        return value == null || value.isJsonNull() ? otherwise : value.getAsString();
    }

    static <T> List<T> list(JsonObject object, String name, Function<JsonElement, T> read) {
        JsonElement value = object.get(name);
        List<T> list = new ArrayList<>();
        if (value instanceof JsonArray) {
            value.getAsJsonArray().forEach(element -> list.add(read.apply(element)));
        }
        return Collections.unmodifiableList(list);
    }

    static void put(JsonObject object, String name, String value) {
        if (value != null) {
            object.addProperty(name, value);
        }
    }
}
