package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every case of the vectors for endpoints, with each store of this binding. */
class EndpointVectorsTest {
    @TempDir
    Path folder;

    @Test
    void endpoint() throws Exception {
        JsonObject bodies = Vectors.read("endpoint.json").getAsJsonObject("bodies");
        Vectors.run("endpoint.json", item -> {
            for (TestStore each : TestStore.all()) {
                Site site = new Site(each, item, bodies);
                item.getAsJsonArray("steps").forEach(step -> site.take(step.getAsJsonObject()));
            }
        });
    }

    /** A push while it is handled. */
    private static final class Request {
        final String body;
        final JsonArray function;
        final JsonObject storeThrows;
        int calls;

        Request(JsonObject step) {
            JsonArray store = new JsonArray();
            store.add("store");
            body = step.get("push").getAsString();
            function = step.has("function") ? step.getAsJsonArray("function") : store;
            storeThrows = step.has("store_throws") ? step.getAsJsonObject("store_throws") : new JsonObject();
        }
    }

    /** A site with an endpoint: what a case does to it, and what its function and its store do then. */
    private final class Site implements DeliveryStore {
        private final TestStore real;
        private final JsonObject bodies;
        private final PushEndpoint endpoint;
        private final Deque<Request> requests = new ArrayDeque<>();
        private final Set<String> kept = new HashSet<>();
        // What a step within the function found: to the endpoint it is only a function that throws.
        private Throwable within;

        Site(TestStore real, JsonObject item, JsonObject bodies) {
            this.real = real;
            this.bodies = bodies;
            PushOptions options = PushOptions.ofJson(item.has("options") ? item.get("options").toString() : "{}");
            PushEndpoint.Builder builder = PushEndpoint.builder(this::function).options(options).folder(folder);
            endpoint = (item.has("without_store") ? builder : builder.store(this)).build();
        }

        void take(JsonObject step) {
            try {
                if (step.has("push")) {
                    push(step);
                } else {
                    DeliveryVectorsTest.take(real, step, key("signed"));
                }
            } catch (Exception error) {
                throw new AssertionError(real.kind + ": " + step, error);
            }
        }

        private void push(JsonObject step) throws Exception {
            Request request = new Request(step);
            requests.push(request);
            PushAnswer answer = endpoint.handle(Json.text(step, "method", "POST"), body(step));
            requests.pop();
            if (within != null) {
                throw new AssertionError("within the function: " + within.getMessage(), within);
            }

            JsonObject expect = step.getAsJsonObject("expect");
            String which = real.kind + ": " + step;
            assertEquals(expect.get("status").getAsInt(), answer.status(), which);
            assertEquals(expect.get("body").getAsString(), answer.body(), which);
            Map<String, String> headers = new HashMap<>(answer.headers());
            assertTrue(headers.remove("Content-Type").startsWith("text/plain"), which);
            Map<String, String> expected = new HashMap<>();
            if (expect.has("headers")) {
                expect.getAsJsonObject("headers").entrySet()
                        .forEach(header -> expected.put(header.getKey(), header.getValue().getAsString()));
            }
            assertEquals(expected, headers, which);
            assertEquals(expect.get("calls").getAsInt(), request.calls, which);
            assertEquals(expect.get("stored").getAsBoolean(), kept.contains(request.body), which);
            if (expect.has("claim")) {
                assertEquals(expect.get("claim").getAsString(), claimOf(key(request.body)), which);
            }
        }

        private InputStream body(JsonObject step) {
            byte[] text = Vectors.text(bodies.getAsJsonObject(step.get("push").getAsString()).get("text"));
            if (!step.has("breaks_after")) {
                return new ByteArrayInputStream(text);
            }
            InputStream start = new ByteArrayInputStream(Arrays.copyOf(text, step.get("breaks_after").getAsInt()));
            return new SequenceInputStream(start, new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("reset by peer");
                }
            });
        }

        private String key(String body) {
            return Json.text(bodies.getAsJsonObject(body), "delivery_key", null);
        }

        /** What the store says of a key, asked by a claim that is given up at once. */
        private String claimOf(String key) throws Exception {
            Claim claim = real.store.claim(key, "asker");
            real.store.release(key, "asker");
            return claim == Claim.GRANTED || claim == Claim.GRANTED_AGAIN ? "none" : claim == Claim.BUSY ? "open" : "done";
        }

        private void function(ReceivedPush push) throws Exception {
            Request request = requests.peek();
            request.calls++;
            within(() -> assertEquals(key(request.body), push.deliveryKey()));
            for (JsonElement action : request.function) {
                if (action.isJsonObject()) {
                    within(() -> take(action.getAsJsonObject()));
                } else if (action.getAsString().equals("store")) {
                    kept.add(request.body);
                } else {
                    throw new IOException("the function throws");
                }
            }
        }

        private void within(Runnable step) {
            try {
                step.run();
            } catch (Throwable failure) {
                within = failure;
            }
        }

        @Override
        public Claim claim(String key, String owner) throws Exception {
            return step("claim", () -> real.store.claim(key, owner));
        }

        @Override
        public boolean complete(String key, String owner) throws Exception {
            return step("complete", () -> real.store.complete(key, owner));
        }

        @Override
        public void release(String key, String owner) throws Exception {
            step("release", () -> {
                real.store.release(key, owner);
                return null;
            });
        }

        /** Takes a step of the store, which throws before or after it where the push at hand says so. */
        private <T> T step(String name, Callable<T> call) throws Exception {
            String when = Json.text(requests.peek().storeThrows, name, "never");
            T result = when.equals("before") ? null : call.call();
            if (!when.equals("never")) {
                throw new IOException("the store throws " + when + " " + name);
            }
            return result;
        }
    }
}
