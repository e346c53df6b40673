<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/**
 * What tells of people, and so shows only a part of itself where it is printed, dumped or made JSON. All of it is in
 * its properties, and in {@see VerificationReport::toArray()}.
 *
 * @internal
 */
abstract class Redacted implements \JsonSerializable
{
    /** Returns what names nobody. @return array<string, mixed> */
    abstract protected function shown(): array;

    /** Keeps people out of dumps. @return array<string, mixed> */
    final public function __debugInfo(): array
    {
        return $this->shown();
    }

    /** Does the same for json_encode(). @return array<string, mixed> */
    final public function jsonSerialize(): array
    {
        return $this->shown();
    }
}
