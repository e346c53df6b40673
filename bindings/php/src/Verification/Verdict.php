<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Whether a document is what it claims to be. */
enum Verdict: string
{
    /** Signed by whom the caller trusts, and unchanged. */
    case Valid = 'valid';
    /** Something cannot be judged: the reasons say what. */
    case Indeterminate = 'indeterminate';
    /** Not what it claims to be. */
    case Invalid = 'invalid';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';

    /** Returns the case of a word, whatever the word is. @internal */
    public static function of(mixed $word): self
    {
        return is_string($word) ? self::tryFrom($word) ?? self::Other : self::Other;
    }
}
