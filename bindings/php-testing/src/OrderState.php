<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/** How far an order, or the push of its document, has come. */
enum OrderState: string
{
    /** The platform has taken it. */
    case Accepted = 'accepted';
    /** Everybody has signed. */
    case Signed = 'signed';
    /** It has failed. */
    case Failed = 'failed';
    /** The push has been tried, whatever came of it. */
    case Pushed = 'pushed';
    /** The push was acknowledged. */
    case Acknowledged = 'acknowledged';
    /** The push was given up. */
    case Undelivered = 'undelivered';
}
