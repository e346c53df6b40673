<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/** The sandbox did not start, does not answer, or refused what it was asked. */
final class SandboxFailedException extends SandboxException
{
}
