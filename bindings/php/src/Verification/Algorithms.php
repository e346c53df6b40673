<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** The algorithms of a signature. */
final class Algorithms
{
    /** The hash over the document, such as `sha256`. */
    public readonly string $digest;
    /** How it is signed, such as `rsa` or `sm2`. */
    public readonly string $signature;
    /** The kind of key. */
    public readonly ?string $key;
    /** Its length in bits. */
    public readonly ?int $bits;
    /** Its curve. */
    public readonly ?string $curve;

    /** @param array<mixed> $document */
    private function __construct(array $document)
    {
        $this->digest = $document['digest'] ?? '';
        $this->signature = $document['signature'] ?? '';
        $this->key = $document['key'] ?? null;
        $this->bits = $document['bits'] ?? null;
        $this->curve = $document['curve'] ?? null;
    }

    /** Reads those that may be missing. @internal @param ?array<mixed> $document */
    public static function orNull(?array $document): ?self
    {
        return $document === null ? null : new self($document);
    }
}
