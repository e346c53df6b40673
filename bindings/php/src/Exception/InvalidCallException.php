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
}
