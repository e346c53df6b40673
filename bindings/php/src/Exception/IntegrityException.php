<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

/** The document that arrived does not match its hash. */
final class IntegrityException extends WoSignDocException
{
}
