<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Whether certificates were revoked. */
enum Revocation: string
{
    use OpenWords;

    /** The document proves that none was. */
    case Good = 'good';
    /** One was. */
    case Revoked = 'revoked';
    /** The document does not prove it. */
    case Unknown = 'unknown';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';
}
