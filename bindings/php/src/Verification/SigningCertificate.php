<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** A certificate. */
final class SigningCertificate extends Redacted
{
    /** Whose it is, such as `CN=…,O=…`. */
    public readonly string $subject;
    /** The common name of it. */
    public readonly ?string $name;
    /** Who issued it. */
    public readonly string $issuer;
    /** The serial number in hex. */
    public readonly string $serial;
    /** Valid from; null for a time that PHP cannot read. */
    public readonly ?\DateTimeImmutable $notBefore;
    /** Valid to; null for a time that PHP cannot read. */
    public readonly ?\DateTimeImmutable $notAfter;
    /** SHA-256 of its DER, in hex. */
    public readonly string $sha256;
    /** Its DER. */
    public readonly string $der;

    /** @internal @param array<mixed> $document */
    public function __construct(#[\SensitiveParameter] array $document)
    {
        $this->subject = $document['subject'] ?? '';
        $this->name = $document['name'] ?? null;
        $this->issuer = $document['issuer'] ?? '';
        $this->serial = $document['serial'] ?? '';
        $this->notBefore = SignatureTime::read($document['not_before'] ?? null);
        $this->notAfter = SignatureTime::read($document['not_after'] ?? null);
        $this->sha256 = $document['sha256'] ?? '';
        $this->der = (string) base64_decode($document['certificate'] ?? '', true);
    }

    /** Reads one that may be missing. @internal @param ?array<mixed> $document */
    public static function orNull(#[\SensitiveParameter] ?array $document): ?self
    {
        return $document === null ? null : new self($document);
    }

    /** Returns it as PEM, as openssl_x509_parse() takes it. */
    public function pem(): string
    {
        return "-----BEGIN CERTIFICATE-----\n" . chunk_split(base64_encode($this->der), 64, "\n")
            . "-----END CERTIFICATE-----\n";
    }

    protected function shown(): array
    {
        return ['sha256' => $this->sha256];
    }
}
