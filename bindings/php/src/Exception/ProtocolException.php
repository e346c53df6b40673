<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

/** The other side sent something that is not the protocol. */
final class ProtocolException extends WoSignDocException
{
}
