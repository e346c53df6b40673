<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/**
 * The top of a chain of certificates, as {@see Verifier::trustOf()} found it in a document. When a person has looked at
 * it, it goes into {@see VerifyOptions} as it is.
 */
final class TrustBlock extends Redacted
{
    /** Whose certificate it is, for people. */
    public readonly string $subject;
    /** SHA-256 of the certificate's DER, in hex: this is what is trusted. */
    public readonly string $sha256;

    /** @internal @param array<mixed> $data */
    public function __construct(#[\SensitiveParameter] private readonly array $data)
    {
        $this->subject = $data['subject'] ?? '';
        $this->sha256 = $data['sha256'] ?? '';
    }

    /** Returns the certificate's DER; null when the block holds none. */
    public function der(): ?string
    {
        $der = base64_decode($this->data['certificate'] ?? '', true);
        return $der === false || $der === '' ? null : $der;
    }

    /** Returns the block as a configuration holds it. @return array<mixed> */
    public function toArray(): array
    {
        return $this->data;
    }

    protected function shown(): array
    {
        return ['sha256' => $this->sha256];
    }
}
