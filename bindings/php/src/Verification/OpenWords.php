<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/**
 * Shared by the enumerations whose words may become more: one that is newer than this package is the case `Other`.
 *
 * @internal
 */
trait OpenWords
{
    /** Returns the case of a word, whatever the word is. @internal */
    public static function of(mixed $word): self
    {
        return is_string($word) ? self::tryFrom($word) ?? self::Other : self::Other;
    }
}
