<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

use WoSignDoc\ErrorKind;

/** A file could not be read or written. */
final class FileException extends WoSignDocException
{
    /** @internal */
    public static function of(string $reason, string $message, string $messageZh): self
    {
        return self::own(ErrorKind::Io, $reason, $message, $messageZh);
    }
}
