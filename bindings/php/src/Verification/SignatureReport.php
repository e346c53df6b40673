<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** What was found about one signature. */
final class SignatureReport extends Redacted
{
    /** The full name of its form field. */
    public readonly string $field;
    /** What it is. */
    public readonly SignatureKind $kind;
    /** Its format, such as `ETSI.CAdES.detached`. */
    public readonly ?string $subFilter;
    /** The page that it is seen on, counted from 1. */
    public readonly ?int $page;
    /** @var ?list<float> where on the page, in its own units: left, bottom, right, top */
    public readonly ?array $box;
    /** Whose certificate signed. */
    public readonly ?SigningCertificate $signer;
    /** @var list<SigningCertificate> the certificates from there up, as far as they are known */
    public readonly array $chain;
    /** The name that the signature gives itself, for which nobody vouches but the signer. */
    public readonly ?string $name;
    /** The reason that it gives, likewise. */
    public readonly ?string $reason;
    /** The place that it gives, likewise. */
    public readonly ?string $location;
    /** The time that the signer claims, which proves nothing. */
    public readonly ?SignatureTime $claimedTime;
    /** The time by which a trusted time stamp proves that it was signed. */
    public readonly ?SignatureTime $provenTime;
    /** The time that its certificate was judged at. */
    public readonly ?\DateTimeImmutable $judgedAt;
    /** Its algorithms. */
    public readonly ?Algorithms $algorithms;
    /** @var Finding<Integrity> whether it fits */
    public readonly Finding $integrity;
    /** @var Finding<Trust> whether the signer is trusted */
    public readonly Finding $trust;
    /** @var Finding<Revocation> whether a certificate was revoked */
    public readonly Finding $revocation;
    /** @var Finding<Coverage> how far it reaches */
    public readonly Finding $coverage;
    /** The byte behind the last signed one. */
    public readonly ?int $signedEnd;
    /** The revision that it covers, counted from 1. */
    public readonly ?int $revision;
    /** @var Finding<Changes> what was changed since */
    public readonly Finding $changes;
    /** @var list<DocumentChange> each change */
    public readonly array $changed;
    /** Whether there are more than are listed. */
    public readonly bool $moreChanges;
    /** What it allows afterwards, if it certifies the document. */
    public readonly ?int $certification;
    /** @var list<string> each weakness: `md5`, `sha1`, `rsa 1024` */
    public readonly array $weak;
    /** The time stamp over it. */
    public readonly ?TimeStamp $timeStamp;
    /** @var list<Remark> what is odd, and breaks nothing */
    public readonly array $warnings;

    /** @internal @param array<mixed> $document */
    public function __construct(#[\SensitiveParameter] array $document)
    {
        $this->field = $document['field'] ?? '';
        $this->kind = SignatureKind::of($document['kind'] ?? null);
        $this->subFilter = $document['sub_filter'] ?? null;
        $this->page = $document['page'] ?? null;
        $this->box = isset($document['box']) ? array_map(floatval(...), array_values($document['box'])) : null;
        $this->signer = SigningCertificate::orNull($document['signer'] ?? null);
        $this->chain = array_map(static fn (array $one): SigningCertificate => new SigningCertificate($one), $document['chain'] ?? []);
        $this->name = $document['name'] ?? null;
        $this->reason = $document['reason'] ?? null;
        $this->location = $document['location'] ?? null;
        $this->claimedTime = SignatureTime::orNull($document['claimed_time'] ?? null);
        $this->provenTime = SignatureTime::orNull($document['proven_time'] ?? null);
        $this->judgedAt = SignatureTime::read($document['judged_at'] ?? null);
        $this->algorithms = Algorithms::orNull($document['algorithms'] ?? null);
        $this->integrity = Finding::from(Integrity::class, $document['integrity'] ?? null);
        $this->trust = Finding::from(Trust::class, $document['trust'] ?? null);
        $this->revocation = Finding::from(Revocation::class, $document['revocation'] ?? null);
        $this->coverage = Finding::from(Coverage::class, $document['coverage'] ?? null);
        $this->signedEnd = $document['signed_end'] ?? null;
        $this->revision = $document['revision'] ?? null;
        $this->changes = Finding::from(Changes::class, $document['changes'] ?? null);
        $this->changed = DocumentChange::listFrom($document['changed'] ?? []);
        $this->moreChanges = $document['more_changes'] ?? false;
        $this->certification = $document['certification'] ?? null;
        $this->weak = array_values($document['strength']['weak'] ?? []);
        $this->timeStamp = TimeStamp::orNull($document['time_stamp'] ?? null);
        $this->warnings = Remark::listFrom($document['warnings'] ?? []);
    }

    protected function shown(): array
    {
        return [
            'kind' => $this->kind->value,
            'integrity' => $this->integrity,
            'trust' => $this->trust,
            'revocation' => $this->revocation,
            'coverage' => $this->coverage,
            'changes' => $this->changes,
        ];
    }
}
