<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** What kind of signature it is. */
enum SignatureKind: string
{
    /** Somebody's signature. */
    case Signature = 'signature';
    /** A document time stamp. */
    case DocumentTimeStamp = 'document_time_stamp';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';

    /** Returns the case of a word, whatever the word is. @internal */
    public static function of(mixed $word): self
    {
        return is_string($word) ? self::tryFrom($word) ?? self::Other : self::Other;
    }
}
