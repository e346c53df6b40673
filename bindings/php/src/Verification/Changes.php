<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** What was changed after a signature. */
enum Changes: string
{
    use OpenWords;

    /** Nothing. */
    case None = 'none';
    /** Only what may be. */
    case Permitted = 'permitted';
    /** What may not be. */
    case NotPermitted = 'not_permitted';
    /** It cannot be judged. */
    case Undecided = 'undecided';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';
}
