<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** One reason of a verdict. Its code names nobody, and may be logged; its message may. */
final class VerificationReason extends Redacted
{
    use Sentences;

    /** What it is, for programs, such as `untrusted`. */
    public readonly string $code;
    /** What follows from it. */
    public readonly Consequence $then;
    /** The form field of the signature that it is about. */
    public readonly ?string $signature;

    /** @internal @param array<mixed> $document */
    public function __construct(#[\SensitiveParameter] array $document)
    {
        $this->code = $document['code'] ?? '';
        $this->then = Consequence::of($document['then'] ?? null);
        $this->signature = $document['signature'] ?? null;
        $this->say($document['message'] ?? []);
    }

    protected function shown(): array
    {
        return ['code' => $this->code, 'then' => $this->then->value];
    }
}
