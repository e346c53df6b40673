package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** The project's vectors: cases that every language runs. */
final class Vectors {
    private static final Path FOLDER = Path.of(System.getenv().getOrDefault("TEST_VECTORS", "../../vectors"));

    private Vectors() {}

    interface Case {
        void run(JsonObject item) throws Exception;
    }

    static JsonObject read(String file) throws Exception {
        return JsonParser.parseString(Files.readString(FOLDER.resolve(file))).getAsJsonObject();
    }

    /** A document of theirs, such as {@code valid.pdf}, or {@code root.pem}. */
    static Path signed(String name) {
        return FOLDER.resolve("signed").resolve(name);
    }

    /** Runs every case of a file, and names those that fail. */
    static void run(String file, Case test) throws Exception {
        JsonArray cases = read(file).getAsJsonArray("cases");
        List<Executable> all = new ArrayList<>();
        for (JsonElement element : cases) {
            JsonObject item = element.getAsJsonObject();
            all.add(() -> {
                try {
                    test.run(item);
                } catch (Throwable error) {
                    throw new AssertionError(file + ": " + item.get("name").getAsString() + ": " + error.getMessage(), error);
                }
            });
        }
        Assertions.assertAll(all);
        System.out.println(file + ": " + cases.size() + " cases");
        assertTrue(cases.size() > 10);
    }

    /** The bytes that a text stands for. */
    static byte[] text(JsonElement element) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonArray pieces = new JsonArray();
        if (element.isJsonArray()) {
            pieces = element.getAsJsonArray();
        } else {
            pieces.add(element);
        }
        for (JsonElement piece : pieces) {
            if (piece.isJsonPrimitive()) {
                bytes.writeBytes(piece.getAsString().getBytes(StandardCharsets.UTF_8));
            } else if (piece.getAsJsonObject().has("base64")) {
                bytes.writeBytes(Base64.getDecoder().decode(piece.getAsJsonObject().get("base64").getAsString()));
            } else {
                byte[] unit = piece.getAsJsonObject().get("repeat").getAsString().getBytes(StandardCharsets.UTF_8);
                for (int times = piece.getAsJsonObject().get("times").getAsInt(); times > 0; times--) {
                    bytes.writeBytes(unit);
                }
            }
        }
        return bytes.toByteArray();
    }
}
