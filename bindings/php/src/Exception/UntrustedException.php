<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

/** The document or its sender is not who was expected. */
final class UntrustedException extends WoSignDocException
{
}
