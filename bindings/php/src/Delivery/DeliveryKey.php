<?php

declare(strict_types=1);

namespace WoSignDoc\Delivery;

use WoSignDoc\Push\ReceivedPush;

/**
 * The name under which a store remembers a push: what is delivered, so that the same document pushed again
 * has the same key, and another document of the same order has another.
 *
 * @internal
 */
final class DeliveryKey
{
    /** Longest key, in bytes: what an indexed varchar takes in every database. */
    private const LONGEST = 191;

    public static function of(ReceivedPush $push): string
    {
        $what = $push->failed() ? 'failed:' . implode('&', $push->errorCodes) : (string) $push->sha256;
        $key = ($push->signid ?? $push->orderNumber ?? '') . ':' . $what;
        return strlen($key) <= self::LONGEST ? $key : 'sha256:' . hash('sha256', $key);
    }
}
