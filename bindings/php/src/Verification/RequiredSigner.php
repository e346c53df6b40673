<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** One who had to sign; the message says what was compared with what. */
final class RequiredSigner extends Redacted
{
    use Sentences;

    /** The name. */
    public readonly string $name;
    /** The form field of the signature; null: there is none. */
    public readonly ?string $signature;

    /** @internal @param array<mixed> $document */
    public function __construct(#[\SensitiveParameter] array $document)
    {
        $this->name = $document['name'] ?? '';
        $this->signature = $document['signature'] ?? null;
        $this->say($document['message'] ?? []);
    }

    protected function shown(): array
    {
        return ['signed' => $this->signature !== null];
    }
}
