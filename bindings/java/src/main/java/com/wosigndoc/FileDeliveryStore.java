package com.wosigndoc;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Remembers pushes as small files in a folder, which all processes of a site on one machine share, whatever their
 * language. It is for sites without a database.
 */
public final class FileDeliveryStore implements DeliveryStore {
    private final String folder;
    private final long expirySeconds;

    /**
     * Makes a store whose claims expire after {@link DeliveryStore#DEFAULT_EXPIRY}.
     *
     * @param folder belongs to the store alone; the first claim makes it where it is missing
     */
    public FileDeliveryStore(Path folder) {
        this(folder, DEFAULT_EXPIRY);
    }

    /**
     * Makes a store.
     *
     * @param folder belongs to the store alone; the first claim makes it where it is missing
     * @param expiry after which time, in whole seconds, a claim of a process that died can be claimed again;
     *     longer than the site's function ever takes
     */
    public FileDeliveryStore(Path folder, Duration expiry) {
        this.folder = HostFile.name(folder);
        this.expirySeconds = expiry.getSeconds();
    }

    @Override
    public Claim claim(String key, String owner) {
        String found = Json.text(take(NativeCalls::wsd_delivery_claim, key, owner), "claim", "");
        return Claim.valueOf(found.toUpperCase(Locale.ROOT));
    }

    @Override
    public boolean complete(String key, String owner) {
        return !take(NativeCalls::wsd_delivery_complete, key, owner).get("taken_over").getAsBoolean();
    }

    @Override
    public void release(String key, String owner) {
        take(NativeCalls::wsd_delivery_release, key, owner);
    }

    private interface Step {
        int call(byte[] delivery, long length, long[] out, long[] outLength);
    }

    private JsonObject take(Step step, String key, String owner) {
        JsonObject delivery = new JsonObject();
        delivery.addProperty("folder", folder);
        delivery.addProperty("key", key);
        delivery.addProperty("owner", owner);
        delivery.addProperty("expire_seconds", expirySeconds);
        byte[] json = Json.bytes(delivery.toString());
        return Invocation.run((out, length) -> step.call(json, json.length, out, length));
    }
}
