<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

/** The network failed before or while the order was sent; {@see $mayHaveArrived} says which. */
final class TransportException extends WoSignDocException
{
}
