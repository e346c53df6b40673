<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

use WoSignDoc\ErrorKind;

/** A call was made wrongly, or a configuration does not hold together. */
final class InvalidCallException extends WoSignDocException
{
    /** @internal */
    public static function of(
        string $reason,
        string $message,
        string $messageZh,
        string $advice,
        string $adviceZh,
        ?string $field = null,
    ): self {
        return self::own(ErrorKind::Argument, $reason, $message, $messageZh, $advice, $adviceZh, $field);
    }

    /** Checks after how many seconds a claim shall expire. @internal */
    public static function ifExpiryIsShort(int $seconds): void
    {
        if ($seconds < 1) {
            throw self::of(
                'bad_option',
                'a claim must last for a second at least',
                '认领至少应持续 1 秒',
                'give a number of seconds above that of the slowest function',
                '请给出大于最慢处理函数用时的秒数',
                'expireSeconds',
            );
        }
    }
}
