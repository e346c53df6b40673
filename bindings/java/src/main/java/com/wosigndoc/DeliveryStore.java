package com.wosigndoc;

import java.time.Duration;

/**
 * Remembers which pushes a site has processed, so that one that comes twice reaches the site's function once. A
 * claim that was neither completed nor released, because its process died, expires: it is then granted again. What
 * any step throws keeps the push from being acknowledged, and the platform pushes again.
 */
public interface DeliveryStore {
    /** The time after which a claim expires where nothing else is said, the same in every language's stores. */
    Duration DEFAULT_EXPIRY = Duration.ofMinutes(15);

    /** Says what a claim found. */
    enum Claim {
        /** The push is the caller's to process, and nobody else does. */
        GRANTED,
        /** The same, after another's claim had expired, as after its process died: the function may have run before. */
        GRANTED_AGAIN,
        /** Somebody else is processing the push: it is not to be acknowledged yet. */
        BUSY,
        /** The push was processed before: it is to be acknowledged again. */
        DONE
    }

    /**
     * Claims a push.
     *
     * @param key {@link ReceivedPush#deliveryKey()}: 64 hex digits
     * @param owner names this claim among all, in 32 hex digits: a process that is still at work when its claim
     *     expires must not release that of the one that took over
     * @return what to do with the push
     * @throws Exception when the store fails
     */
    Claim claim(String key, String owner) throws Exception;

    /**
     * Notes that the claimed push was processed, also when the claim has expired and another has taken it over.
     *
     * @param key as it was claimed
     * @param owner as it was claimed
     * @return false when another has taken the claim over: the function may have run twice
     * @throws Exception when the store fails, or knows of no claim
     */
    boolean complete(String key, String owner) throws Exception;

    /**
     * Gives the claim of a push that could not be processed up, so that it is granted to the next at once. Nothing
     * happens when the claim is no longer this owner's, or the push is done.
     *
     * @param key as it was claimed
     * @param owner as it was claimed
     * @throws Exception when the store fails: the claim expires by itself
     */
    void release(String key, String owner) throws Exception;

    /**
     * Lets a claim begin now: the endpoint does so while the function runs, so that a slow one is not run twice.
     *
     * @param key as it was claimed
     * @param owner as it was claimed
     * @return false when the claim is no longer this owner's, or the push is done; a store that does not renew, as
     *     by default, says true
     * @throws Exception when the store fails: the claim is as it was
     */
    default boolean renew(String key, String owner) throws Exception {
        return true;
    }

    /**
     * Returns the time after which a claim expires. The endpoint renews a claim three times as often.
     *
     * @return at least a second
     */
    default Duration expiry() {
        return DEFAULT_EXPIRY;
    }

    /**
     * Makes sure that the store can be used, as a readiness check wants to know: a delivery that no push has is
     * claimed and released.
     *
     * @throws Exception when the store fails
     */
    default void check() throws Exception {
        // One owner for all: what a check that was killed has left, the next one removes.
        String key = String.format("%064d", 0);
        String owner = String.format("%032d", 0);
        claim(key, owner);
        release(key, owner);
    }
}
