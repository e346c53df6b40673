<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

/** A time limit ran out; {@see $mayHaveArrived} says whether the order may have arrived. */
final class CallTimeoutException extends WoSignDocException
{
}
