<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** What was changed after a signature. */
enum Changes: string
{
    /** Nothing. */
    case None = 'none';
    /** Only what may be. */
    case Permitted = 'permitted';
    /** What may not be. */
    case NotPermitted = 'not_permitted';
    /** Nobody here can say. */
    case Undecided = 'undecided';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';

    /** Returns the case of a word, whatever the word is. @internal */
    public static function of(mixed $word): self
    {
        return is_string($word) ? self::tryFrom($word) ?? self::Other : self::Other;
    }
}
