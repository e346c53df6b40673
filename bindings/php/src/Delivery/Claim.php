<?php

declare(strict_types=1);

namespace WoSignDoc\Delivery;

/** What a store says when a delivery is claimed. */
enum Claim
{
    /** The caller may process it now, and nobody else does. */
    case Granted;
    /** Somebody else is processing it. */
    case InProgress;
    /** It has been processed: acknowledge it again. */
    case Done;
}
