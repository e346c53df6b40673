<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

/** The order breaks rules of the protocol: {@see violations()} lists every one, none was sent. */
final class InvalidOrderException extends WoSignDocException
{
}
