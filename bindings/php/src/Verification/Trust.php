<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Whether a signer is trusted. */
enum Trust: string
{
    use OpenWords;

    /** Its certificate leads to a given root, and was good at the time. */
    case Trusted = 'trusted';
    /** It leads to none, or may not be used so. */
    case Untrusted = 'untrusted';
    /** It, or one above it, had expired. */
    case Expired = 'expired';
    /** It, or one above it, was revoked. */
    case Revoked = 'revoked';
    /** Nobody here can say. */
    case Undecided = 'undecided';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';
}
