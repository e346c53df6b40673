<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/** What was waited for has not happened in time, or cannot any longer: the message says where the order stands, with its journal. */
final class SandboxTimeoutException extends SandboxException
{
}
