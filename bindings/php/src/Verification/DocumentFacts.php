<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Facts about a document. */
final class DocumentFacts
{
    /** Its length in bytes. */
    public readonly int $size;
    /** SHA-256 of it, in hex. */
    public readonly string $sha256;
    /** How many pages it has; null where they cannot be read. */
    public readonly ?int $pages;
    /** How many revisions. */
    public readonly int $revisions;
    /** Whether it is encrypted. */
    public readonly bool $encrypted;
    /** What the certifying signature allows: 1 nothing, 2 filling in and signing, 3 also annotations. */
    public readonly ?int $certification;

    /** @internal @param array<mixed> $document */
    public function __construct(array $document)
    {
        $this->size = $document['size'] ?? 0;
        $this->sha256 = $document['sha256'] ?? '';
        $this->pages = $document['pages'] ?? null;
        $this->revisions = $document['revisions'] ?? 0;
        $this->encrypted = $document['encrypted'] ?? false;
        $this->certification = $document['certification'] ?? null;
    }
}
