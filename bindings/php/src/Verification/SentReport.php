<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** How a document differs from the one that was sent for signing. */
final class SentReport extends Redacted
{
    /** Whether it shows the same pages; null: it cannot be judged. */
    public readonly ?bool $same;
    /** @var list<DocumentChange> what differs */
    public readonly array $differences;
    /** Whether there are more than are listed. */
    public readonly bool $more;

    /** @param array<mixed> $document */
    private function __construct(#[\SensitiveParameter] array $document)
    {
        $this->same = $document['same'] ?? null;
        $this->differences = DocumentChange::listFrom($document['differences'] ?? []);
        $this->more = $document['more'] ?? false;
    }

    /** Reads one that may be missing. @internal @param ?array<mixed> $document */
    public static function orNull(#[\SensitiveParameter] ?array $document): ?self
    {
        return $document === null ? null : new self($document);
    }

    protected function shown(): array
    {
        return ['same' => $this->same, 'differences' => $this->differences, 'more' => $this->more];
    }
}
