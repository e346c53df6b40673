<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

use WoSignDoc\Native\Json;

/**
 * What was found about a signed document. It names who signed: what prints it, dumps it or makes it JSON shows the
 * verdict and the codes of the reasons alone, which may be logged; all of it is in the properties and in
 * {@see toArray()}.
 */
final class VerificationReport extends Redacted
{
    /** The verdict. */
    public readonly Verdict $verdict;
    /** What the signatures say of the contents, whoever signed: never take `intact` for `valid`. */
    public readonly State $state;
    /** @var list<VerificationReason> what made the verdict so, and what is worth knowing beside it: the worst first */
    public readonly array $reasons;
    /** Facts about the document; null when it cannot be read. */
    public readonly ?DocumentFacts $document;
    /** @var list<SignatureReport> its signatures and document time stamps, in the order in which they were made */
    public readonly array $signatures;
    /** Who should have signed; null when that was not asked. */
    public readonly ?SignersReport $signers;
    /** How it differs from what was sent; null when that was not given. */
    public readonly ?SentReport $sent;

    /**
     * @internal
     *
     * @param array<mixed> $data the core's report
     */
    public function __construct(#[\SensitiveParameter] private readonly array $data)
    {
        $this->verdict = Verdict::of($data['verdict'] ?? null);
        $this->state = State::of($data['state'] ?? null);
        $this->reasons = VerificationReason::listFrom($data['reasons'] ?? []);
        $this->document = isset($data['document']) ? new DocumentFacts($data['document']) : null;
        $each = static fn (array $one): SignatureReport => new SignatureReport($one);
        $this->signatures = array_map($each, array_values($data['signatures'] ?? []));
        $this->signers = SignersReport::orNull($data['signers'] ?? null);
        $this->sent = SentReport::orNull($data['sent'] ?? null);
    }

    /** Says whether the verdict is {@see Verdict::Valid}, which has what that means and what it does not. */
    public function isValid(): bool
    {
        return $this->verdict === Verdict::Valid;
    }

    /** Returns the codes of the reasons, each once: they name nobody, and may be logged. @return list<string> */
    public function codes(): array
    {
        return array_values(array_unique(array_map(static fn (VerificationReason $one): string => $one->code, $this->reasons)));
    }

    /**
     * Returns the whole report as data, with what is newer than this package. It names people.
     *
     * @return array<mixed>
     */
    public function toArray(): array
    {
        return $this->data;
    }

    /** Returns the whole report as JSON, to be kept beside the document. It names people. */
    public function json(): string
    {
        return Json::pretty($this->data);
    }

    protected function shown(): array
    {
        return ['verdict' => $this->verdict->value, 'state' => $this->state->value, 'codes' => $this->codes()];
    }
}
