<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

/** The platform answered, and said no: {@see $errorCode} says why. */
final class PlatformException extends WoSignDocException
{
}
