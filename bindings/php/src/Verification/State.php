<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** What a document's signatures say of its contents, whoever signed. Intact is not valid: anybody can sign. */
enum State: string
{
    use OpenWords;

    /** Every signature fits, and what came after it is permitted. */
    case Intact = 'intact';
    /** A signature is broken, or something was changed that may not be. */
    case Altered = 'altered';
    /** Neither is proven. */
    case Undecided = 'undecided';
    /** It has no signature. */
    case Unsigned = 'unsigned';
    /** It cannot be read. */
    case Unreadable = 'unreadable';
    /** A word that is newer than this package: it stands in the report's own data. */
    case Other = 'other';
}
