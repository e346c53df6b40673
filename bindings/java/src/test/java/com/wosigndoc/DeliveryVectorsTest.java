package com.wosigndoc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Every case of the vectors for delivery stores, with each store of this binding. */
class DeliveryVectorsTest {
    @Test
    void deliveries() throws Exception {
        Vectors.run("deliveries.json", item -> {
            Duration expiry =
                    item.has("expire_seconds") ? Duration.ofSeconds(item.get("expire_seconds").getAsLong()) : null;
            for (TestStore each : TestStore.all(expiry)) {
                for (JsonElement element : item.getAsJsonArray("steps")) {
                    take(each, element.getAsJsonObject(), "key");
                }
            }
        });
    }

    /** Takes a step on the store, and checks what it gives. */
    static void take(TestStore each, JsonObject step, String defaultKey) throws Exception {
        if (step.has("pass_seconds")) {
            each.pass(step.get("pass_seconds").getAsLong());
            return;
        }
        String key = Json.text(step, "key", defaultKey);
        if (step.has("claim")) {
            DeliveryStore.Claim claim = each.store.claim(key, owner(step, "claim"));
            assertEquals(Json.text(step, "gives", ""), claim.name().toLowerCase(Locale.ROOT), () -> each.kind + ": " + step);
        } else if (step.has("complete")) {
            assertEquals(Json.text(step, "gives", ""), complete(each.store, key, owner(step, "complete")),
                    () -> each.kind + ": " + step);
        } else if (step.has("renew")) {
            String found = each.store.renew(key, owner(step, "renew")) ? "renewed" : "not_renewed";
            assertEquals(Json.text(step, "gives", ""), found, () -> each.kind + ": " + step);
        } else {
            each.store.release(key, owner(step, "release"));
        }
    }

    private static String owner(JsonObject step, String name) {
        return step.get(name).getAsString();
    }

    private static String complete(DeliveryStore store, String key, String owner) {
        try {
            return store.complete(key, owner) ? "completed" : "taken_over";
        } catch (Exception lost) {
            return lost.getMessage().contains("the delivery store has lost a claim") ? "lost" : lost.toString();
        }
    }
}
