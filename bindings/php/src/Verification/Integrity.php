<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Whether a signature fits what it is over. */
enum Integrity: string
{
    /** It does. */
    case Ok = 'ok';
    /** It does not. */
    case Broken = 'broken';
    /** Nobody here can say. */
    case Unsupported = 'unsupported';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';

    /** Returns the case of a word, whatever the word is. @internal */
    public static function of(mixed $word): self
    {
        return is_string($word) ? self::tryFrom($word) ?? self::Other : self::Other;
    }
}
