<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** Who should have signed, and whether they did. */
final class SignersReport extends Redacted
{
    /** Whether everybody did who had to. */
    public readonly bool $complete;
    /** @var list<RequiredSigner> each who had to */
    public readonly array $required;
    /** How names were compared. */
    public readonly Remark $rule;

    /** @param array<mixed> $document */
    private function __construct(#[\SensitiveParameter] array $document)
    {
        $this->complete = $document['complete'] ?? false;
        $this->required = RequiredSigner::listFrom($document['required'] ?? []);
        $this->rule = new Remark($document['rule'] ?? []);
    }

    /** Reads one that may be missing. @internal @param ?array<mixed> $document */
    public static function orNull(#[\SensitiveParameter] ?array $document): ?self
    {
        return $document === null ? null : new self($document);
    }

    protected function shown(): array
    {
        return ['complete' => $this->complete];
    }
}
