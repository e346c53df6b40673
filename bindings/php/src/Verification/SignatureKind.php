<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** What kind of signature it is. */
enum SignatureKind: string
{
    use OpenWords;

    /** Somebody's signature. */
    case Signature = 'signature';
    /** A document time stamp. */
    case DocumentTimeStamp = 'document_time_stamp';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';
}
