package com.wosigndoc;

import java.io.IOException;

/**
 * Remembers which pushes a site has processed, so that one that comes twice reaches the site's function
 * once. A claim that was neither finished nor released (the process died) can be claimed again after a time.
 */
public interface DeliveryStore {
    /** What a claim found. */
    enum Claim {
        /** Not processed yet: the caller processes it now. */
        NEW,
        /** Processed before: to be acknowledged again. */
        DONE,
        /** Being processed elsewhere at this moment: not to be acknowledged yet. */
        BUSY
    }

    /**
     * Claims a push.
     *
     * @param key {@link ReceivedPush#deliveryKey()}: 64 hex digits
     * @param owner names this claim among all, in 32 hex digits: a process that is still at work when
     *     its claim expires must not release that of the one that took over
     * @return what to do with it
     * @throws IOException when the store fails: the push is not acknowledged
     */
    Claim claim(String key, String owner) throws IOException;

    /**
     * The claimed push is processed.
     *
     * @param key as it was claimed
     * @throws IOException when the store fails: the push is not acknowledged
     */
    void done(String key) throws IOException;

    /**
     * The claimed push could not be processed: it may be claimed again. Nothing happens when the claim is no
     * longer this owner's.
     *
     * @param key as it was claimed
     * @param owner as it was claimed
     * @throws IOException when the store fails: the claim expires by itself
     */
    void release(String key, String owner) throws IOException;
}
