<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** What follows from a finding. */
enum Consequence: string
{
    /** Nothing: it stands in the report. */
    case Accept = 'accept';
    /** The document is not called valid. */
    case Indeterminate = 'indeterminate';
    /** The document is invalid. */
    case Invalid = 'invalid';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';

    /** Returns the case of a word, whatever the word is. @internal */
    public static function of(mixed $word): self
    {
        return is_string($word) ? self::tryFrom($word) ?? self::Other : self::Other;
    }
}
