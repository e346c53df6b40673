<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** A time stamp over a signature. */
final class TimeStamp extends Redacted
{
    /** The time that it says. */
    public readonly ?\DateTimeImmutable $time;
    /** @var Finding<Integrity> whether it fits */
    public readonly Finding $integrity;
    /** @var ?Finding<Trust> whether whoever made it is trusted */
    public readonly ?Finding $trust;
    /** Who made it. */
    public readonly ?SigningCertificate $signer;
    /** Its algorithms. */
    public readonly ?Algorithms $algorithms;

    /** @param array<mixed> $document */
    private function __construct(#[\SensitiveParameter] array $document)
    {
        $this->time = SignatureTime::read($document['time'] ?? null);
        $this->integrity = Finding::from(Integrity::class, $document['integrity'] ?? null);
        $this->trust = isset($document['trust']) ? Finding::from(Trust::class, $document['trust']) : null;
        $this->signer = SigningCertificate::orNull($document['signer'] ?? null);
        $this->algorithms = Algorithms::orNull($document['algorithms'] ?? null);
    }

    /** Reads one that may be missing. @internal @param ?array<mixed> $document */
    public static function orNull(#[\SensitiveParameter] ?array $document): ?self
    {
        return $document === null ? null : new self($document);
    }

    protected function shown(): array
    {
        return ['integrity' => $this->integrity, 'trust' => $this->trust];
    }
}
