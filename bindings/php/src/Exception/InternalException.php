<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

/** A defect in the library: report it with what was called. */
final class InternalException extends WoSignDocException
{
}
