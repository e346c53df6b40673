<?php

declare(strict_types=1);

namespace WoSignDoc\Push;

/** One reason for which the platform says that an order failed, in words. */
final class PlatformError
{
    /**
     * @param int $code the platform's code, such as -50
     * @param string $message what is wrong, in English
     * @param string $messageZh the same in Chinese
     * @param string $advice what to do, in English
     * @param string $adviceZh the same in Chinese
     * @param bool $retry whether the same order can succeed later without a change
     */
    public function __construct(
        public readonly int $code,
        public readonly string $message,
        public readonly string $messageZh,
        public readonly string $advice,
        public readonly string $adviceZh,
        public readonly bool $retry,
    ) {
    }

    /**
     * Makes one of an entry of the core's list.
     *
     * @internal
     *
     * @param array<mixed> $entry
     */
    public static function from(array $entry): self
    {
        return new self(
            $entry['code'],
            $entry['message'],
            $entry['message_zh'],
            $entry['advice'],
            $entry['advice_zh'],
            $entry['retry'],
        );
    }
}
