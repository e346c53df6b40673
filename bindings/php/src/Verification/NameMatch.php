<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** How the name of a signer is compared with its certificate's. */
enum NameMatch: string
{
    /** Without regard to case, spaces, and full or half width. */
    case Folded = 'folded';
    /** Letter by letter. */
    case Exact = 'exact';
    /** Folded, and the name may be a part of what the certificate says. */
    case Contains = 'contains';
    /** Not at all: whoever signs counts. */
    case Ignore = 'ignore';
}
