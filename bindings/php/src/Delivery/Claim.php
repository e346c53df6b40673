<?php

declare(strict_types=1);

namespace WoSignDoc\Delivery;

/** What a store says when a delivery is claimed. */
enum Claim: string
{
    /** The caller may process it now, and nobody else does. */
    case Granted = 'granted';
    /** The same, after another's claim had expired, as after its process died: the function may have run before. */
    case GrantedAgain = 'granted_again';
    /** Somebody else is processing it. */
    case Busy = 'busy';
    /** It has been processed: acknowledge it again. */
    case Done = 'done';
}
