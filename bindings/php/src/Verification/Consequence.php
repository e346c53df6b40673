<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** What follows from a finding. */
enum Consequence: string
{
    use OpenWords;

    /** Nothing: it stands in the report. */
    case Accept = 'accept';
    /** The document is not called valid. */
    case Indeterminate = 'indeterminate';
    /** The document is invalid. */
    case Invalid = 'invalid';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';
}
