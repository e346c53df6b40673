<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Whether a document is what it claims to be. */
enum Verdict: string
{
    use OpenWords;

    /**
     * Signed, unchanged, by somebody whom the caller's roots vouch for. By whom, and which contract it is, only an order
     * and what was sent can tell ({@see VerifyOptions}): an earlier contract of the same people is valid, too.
     */
    case Valid = 'valid';
    /** Something cannot be judged: the reasons say what. */
    case Indeterminate = 'indeterminate';
    /** Not what it claims to be. */
    case Invalid = 'invalid';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';
}
