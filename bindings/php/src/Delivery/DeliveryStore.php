<?php

declare(strict_types=1);

namespace WoSignDoc\Delivery;

/**
 * Remembers which pushes were processed, so that one that is pushed twice reaches the site's function
 * once. A claim that was never completed, because the machine died, expires: the next push of the same
 * document is then processed. Every method throws when the store cannot do its work; the push is then not
 * acknowledged, and comes again.
 */
interface DeliveryStore
{
    /** Seconds after which a claim expires where nothing else is said; the same in every language. */
    public const EXPIRE_SECONDS = 900;

    /**
     * Claims a delivery for this request.
     *
     * @param string $key {@see \WoSignDoc\Push\ReceivedPush::$deliveryKey}
     * @param string $owner names this request among all: 32 hex digits. A request that is still at work when
     *     its claim expires must not release that of the one that took over.
     */
    public function claim(string $key, string $owner): Claim;

    /**
     * Notes that the delivery has been processed, also when its claim has expired and another request has taken it
     * over. It throws when nobody has a claim any more: what was never noted would be processed again.
     *
     * @return bool whether the claim was still this owner's; if not, the function may have run twice
     */
    public function complete(string $key, string $owner): bool;

    /**
     * Gives up the claim of a delivery that could not be processed: the next push may try at once. Nothing happens
     * when the claim is no longer this owner's, or the delivery is done. It is also called after a claim() or
     * complete() that threw.
     */
    public function release(string $key, string $owner): void;

    /**
     * Lets a claim begin now, for work that takes longer than was thought.
     *
     * @return bool whether the claim is still this owner's, and open
     */
    public function renew(string $key, string $owner): bool;
}
