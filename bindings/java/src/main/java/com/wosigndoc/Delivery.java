package com.wosigndoc;

import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a store's steps for one push. Without a store, and for a push that names no order and so cannot be told
 * from another, the push is always granted, and there is nothing to note.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final DeliveryStore store;
    private final String key;
    private final String owner = UUID.randomUUID().toString().replace("-", "");

    Delivery(DeliveryStore store, String key) {
        this.store = key == null ? null : store;
        this.key = key;
    }

    /** Renews the claim again and again until what is returned is closed. */
    Renewal renewal(String id) {
        return store == null ? Renewal.NONE : Renewal.start(store, key, owner, id);
    }

    DeliveryStore.Claim claim() throws Exception {
        return store == null
                ? DeliveryStore.Claim.GRANTED
                : Objects.requireNonNull(uninterrupted(() -> store.claim(key, owner)), "the delivery store's claim");
    }

    /** Notes that the push was processed. Returns false when another has taken the claim over meanwhile. */
    boolean complete() throws Exception {
        return store == null || uninterrupted(() -> store.complete(key, owner));
    }

    /** Gives the claim up, if there is one. A store that cannot do it lets the claim expire. */
    void release() {
        if (store == null) {
            return;
        }
        try {
            uninterrupted(() -> {
                store.release(key, owner);
                return null;
            });
        } catch (Throwable failure) {
            LOG.warn("a claim could not be released: it expires by itself", failure);
        }
    }

    // The site's function may return with its thread's interrupt set, which would end a store's work half-way: the
    // push is processed, and that has to be noted.
    private static <T> T uninterrupted(Callable<T> step) throws Exception {
        boolean interrupted = Thread.interrupted();
        try {
            return step.call();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
