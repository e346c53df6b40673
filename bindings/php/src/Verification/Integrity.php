<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Whether a signature fits what it is over. */
enum Integrity: string
{
    use OpenWords;

    /** It does. */
    case Ok = 'ok';
    /** It does not. */
    case Broken = 'broken';
    /** Nobody here can say. */
    case Unsupported = 'unsupported';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';
}
