<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Whether the number of a licence or an identity card is compared with the certificate's. */
enum NumberMatch: string
{
    /** Not at all. */
    case Ignore = 'ignore';
    /** If the certificate has one. */
    case IfPresent = 'if_present';
    /** The certificate has to have it. */
    case Required = 'required';
}
