<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Whether certificates were revoked. */
enum Revocation: string
{
    /** The document proves that none was. */
    case Good = 'good';
    /** One was. */
    case Revoked = 'revoked';
    /** The document does not prove it. */
    case Unknown = 'unknown';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';

    /** Returns the case of a word, whatever the word is. @internal */
    public static function of(mixed $word): self
    {
        return is_string($word) ? self::tryFrom($word) ?? self::Other : self::Other;
    }
}
