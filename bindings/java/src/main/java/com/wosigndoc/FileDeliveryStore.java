package com.wosigndoc;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Remembers pushes as small files in a folder, which all processes of a site on one machine share, whatever their
 * language. It is for sites without a database. On Windows a folder that is made has the rights of the one above it.
 */
public final class FileDeliveryStore implements DeliveryStore {
    private final String folder;
    private final long expirySeconds;

    /**
     * Makes a store whose claims expire after {@link DeliveryStore#DEFAULT_EXPIRY}.
     *
     * @param folder belongs to the store alone; where it is missing, an endpoint that is built with the store
     *     makes it, for this user alone, or the first claim
     */
    public FileDeliveryStore(Path folder) {
        this(folder, DEFAULT_EXPIRY);
    }

    /**
     * Makes a store.
     *
     * @param folder belongs to the store alone; where it is missing, an endpoint that is built with the store
     *     makes it, for this user alone, or the first claim
     * @param expiry after which time, a second at least and rounded up to whole ones, a claim of a process that died
     *     can be claimed again; an endpoint renews the claim of a function that runs
     */
    public FileDeliveryStore(Path folder, Duration expiry) {
        this.folder = HostFile.name(folder);
        this.expirySeconds = Expiry.seconds(expiry);
    }

    @Override
    public Claim claim(String key, String owner) {
        JsonObject found = take(NativeCalls::wsd_delivery_claim, key, owner);
        return found.get("taken_over").getAsBoolean()
                ? Claim.GRANTED_AGAIN
                : Claim.valueOf(Json.text(found, "claim", "").toUpperCase(Locale.ROOT));
    }

    @Override
    public boolean complete(String key, String owner) {
        return !take(NativeCalls::wsd_delivery_complete, key, owner).get("taken_over").getAsBoolean();
    }

    @Override
    public void release(String key, String owner) {
        take(NativeCalls::wsd_delivery_release, key, owner);
    }

    @Override
    public boolean renew(String key, String owner) {
        return take(NativeCalls::wsd_delivery_renew, key, owner).get("renewed").getAsBoolean();
    }

    @Override
    public Duration expiry() {
        return Duration.ofSeconds(expirySeconds);
    }

    /**
     * Makes sure that the store can be used, and makes its folder where it is missing.
     *
     * @throws FileException when the folder can neither be used nor made
     */
    @Override
    public void check() {
        try {
            DeliveryStore.super.check();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
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
