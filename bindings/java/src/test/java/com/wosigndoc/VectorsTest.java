package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Every case of the project's vectors, through this binding. */
class VectorsTest {
    @Test
    void wire() throws Exception {
        Vectors.run("wire.json", item -> {
            ClientConfig settings = settings(item);
            SignOrder order = order(item);
            JsonObject expect = item.getAsJsonObject("expect");
            byte[] body = WoSignDocClient.wire(settings, order);
            assertArrayEquals(Vectors.text(expect.get("body")), body, () -> new String(body, StandardCharsets.UTF_8));
            assertEquals(pairs(expect.get("warnings")), warnings(WoSignDocClient.validate(settings, order)));
        });
    }

    @Test
    void violations() throws Exception {
        Vectors.run("violations.json", item -> {
            JsonObject expect = item.getAsJsonObject("expect");
            try {
                List<Warning> warnings = WoSignDocClient.validate(settings(item), order(item));
                assertTrue(expect.getAsJsonArray("violations").isEmpty(), "no violation was found");
                assertEquals(pairs(expect.get("warnings")), warnings(warnings));
            } catch (InvalidOrderException error) {
                List<Integer> codes = new ArrayList<>();
                TreeSet<String> found = new TreeSet<>();
                error.violations().forEach(violation -> {
                    codes.add(violation.code());
                    found.add(violation.code() + " " + violation.field());
                });
                List<Integer> expected = new ArrayList<>();
                expect.getAsJsonArray("violations").forEach(pair -> expected.add(pair.getAsJsonArray().get(0).getAsInt()));
                assertEquals(expected, codes);
                assertEquals(pairs(expect.get("violations")), found);
                says(expect.getAsJsonArray("says"), error.violations());
                assertEquals(pairs(expect.get("warnings")), warnings(error.warnings()));
            } catch (WoSignDocException error) {
                assertHolds(expect.getAsJsonObject("error"), error.document());
            }
        });
    }

    @Test
    void pushes() throws Exception {
        Vectors.run("pushes.json", item -> {
            PushOptions options = PushOptions.ofJson(item.has("options") ? item.get("options").toString() : "{}");
            byte[] body = Vectors.text(item.get("body"));
            push(item, () -> PushReceiver.receive(body, options));
            push(item, () -> whole(body, options));
            push(item, () -> inPieces(body, options, 7));
        });
    }

    @Test
    void answers() throws Exception {
        Vectors.run("answers.json", item -> {
            JsonObject expect = item.getAsJsonObject("expect");
            try {
                JsonObject answer =
                        WoSignDocClient.answer(item.get("http_status").getAsInt(), Vectors.text(item.get("body")));
                assertHolds(expect.getAsJsonObject("result"), answer);
            } catch (WoSignDocException error) {
                assertHolds(expect.getAsJsonObject("error"), error.document());
            }
        });
    }

    private static void push(JsonObject item, Supplier<ReceivedPush> receive) {
        JsonObject expect = item.getAsJsonObject("expect");
        try {
            ReceivedPush push = receive.get();
            assertHolds(expect.getAsJsonObject("result"), push.json());
            assertEquals(Json.text(expect.getAsJsonObject("result"), "delivery_key", null), push.deliveryKey());
            if (push.signed()) {
                assertEquals(push.sha256(), Pushes.sha256(push.document()));
                assertEquals(push.length(), push.document().length);
            }
        } catch (WoSignDocException error) {
            assertHolds(expect.getAsJsonObject("error"), error.document());
        }
    }

    private static ReceivedPush whole(byte[] body, PushOptions options) {
        ByteBuffer from = ByteBuffer.allocateDirect(body.length).put(body);
        from.flip();
        return PushReceiver.receive(from, ByteBuffer.allocateDirect(body.length + 1), options);
    }

    private static ReceivedPush inPieces(byte[] body, PushOptions options, int size) {
        try (PushReceiver receiver = PushReceiver.open(options)) {
            for (int at = 0; at < body.length; ) {
                // Small pieces where the structure is, larger ones in long bodies.
                int step = Math.min(body.length > 100_000 ? 9_973 : size, body.length - at);
                receiver.feed(body, at, step);
                at += step;
            }
            return receiver.finish();
        }
    }

    private static ClientConfig settings(JsonObject item) {
        return ClientConfig.ofJson(item.has("settings") ? item.get("settings").toString() : "{}");
    }

    private static SignOrder order(JsonObject item) {
        JsonElement order = item.get("order");
        String json = order.isJsonObject() ? order.toString() : new String(Vectors.text(order), StandardCharsets.UTF_8);
        List<ByteBuffer> attachments = new ArrayList<>();
        if (item.has("attachments")) {
            item.getAsJsonArray("attachments").forEach(
                    base64 -> attachments.add(ByteBuffer.wrap(Base64.getDecoder().decode(base64.getAsString()))));
        }
        return SignOrder.ofJson(json, attachments.toArray(new ByteBuffer[0]));
    }

    private static TreeSet<String> pairs(JsonElement list) {
        TreeSet<String> pairs = new TreeSet<>();
        if (list != null) {
            list.getAsJsonArray().forEach(pair -> pairs.add(
                    pair.getAsJsonArray().get(0).getAsString() + " " + pair.getAsJsonArray().get(1).getAsString()));
        }
        return pairs;
    }

    private static void says(JsonArray expected, List<Violation> violations) {
        for (JsonElement pair : expected == null ? new JsonArray() : expected) {
            String english = pair.getAsJsonArray().get(0).getAsString();
            String chinese = pair.getAsJsonArray().get(1).getAsString();
            assertTrue(violations.stream().anyMatch(violation -> violation.message().contains(english)
                    && violation.messageZh().contains(chinese)), () -> "nothing says " + pair);
        }
    }

    private static TreeSet<String> warnings(List<Warning> list) {
        TreeSet<String> pairs = new TreeSet<>();
        list.forEach(warning -> pairs.add(warning.word() + " " + warning.field()));
        return pairs;
    }

    private static void assertHolds(JsonObject expected, JsonObject actual) {
        assertTrue(expected != null, () -> "unexpected outcome: " + actual);
        expected.entrySet().forEach(field ->
                assertEquals(field.getValue(), actual.get(field.getKey()), () -> field.getKey() + " in " + actual));
    }
}
