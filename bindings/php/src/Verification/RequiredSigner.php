<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** One who had to sign. */
final class RequiredSigner extends Redacted
{
    /** The name. */
    public readonly string $name;
    /** The form field of the signature; null: there is none. */
    public readonly ?string $signature;
    /** What was compared with what, in English. */
    public readonly string $message;
    /** The same in Chinese. */
    public readonly string $messageZh;

    /** @internal @param array<mixed> $document */
    public function __construct(#[\SensitiveParameter] array $document)
    {
        $this->name = $document['name'] ?? '';
        $this->signature = $document['signature'] ?? null;
        $remark = new Remark($document['message'] ?? []);
        $this->message = $remark->message;
        $this->messageZh = $remark->messageZh;
    }

    protected function shown(): array
    {
        return ['signed' => $this->signature !== null];
    }
}
