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
    /**
     * Claims a delivery for this request.
     *
     * @param string $key {@see \WoSignDoc\Push\ReceivedPush::$deliveryKey}
     * @param string $owner names this request among all: 32 hex digits. A request that is still at work when
     *     its claim expires must not release that of the one that took over.
     */
    public function claim(string $key, string $owner): Claim;

    /** The claimed delivery has been processed. */
    public function complete(string $key): void;

    /**
     * The claimed delivery could not be processed: the next push may try at once. Nothing happens when the
     * claim is no longer this owner's.
     */
    public function release(string $key, string $owner): void;
}
