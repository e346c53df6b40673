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

    /**
     * Null for a push that names no order: any other such failure would be taken for the same one, and the
     * site would never hear of it.
     */
    public static function of(ReceivedPush $push): ?string
    {
        $order = self::given($push->signid) ?? self::given($push->orderNumber);
        if ($order === null) {
            return null;
        }
        $what = $push->failed() ? 'failed:' . ($push->unreadErrorCode ?? implode('&', $push->errorCodes)) : (string) $push->sha256;
        $key = "$order:$what";
        return strlen($key) <= self::LONGEST ? $key : 'sha256:' . hash('sha256', $key);
    }

    private static function given(?string $id): ?string
    {
        return $id === '' ? null : $id;
    }
}
