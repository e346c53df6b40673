<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

use WoSignDoc\Native\Json;

/** Whom a document's signatures lead to. Nobody is trusted by it: a person decides. */
final class TrustReport extends Redacted
{
    /** @var list<TrustBlock> the top of each chain */
    public readonly array $trust;
    /** What the signatures say of the contents, whoever signed. */
    public readonly State $state;
    /** @var list<VerificationReason> what is worth knowing before anybody is trusted */
    public readonly array $reasons;

    /** @internal @param array<mixed> $data what the core found */
    public function __construct(#[\SensitiveParameter] private readonly array $data)
    {
        $each = static fn (array $one): TrustBlock => new TrustBlock($one);
        $this->trust = array_map($each, array_values($data['trust'] ?? []));
        $this->state = State::of($data['state'] ?? null);
        $this->reasons = VerificationReason::listFrom($data['reasons'] ?? []);
    }

    /** Returns the list of blocks alone as JSON, to be pasted into a configuration behind `"trust":`. */
    public function trustJson(): string
    {
        return Json::pretty(array_map(static fn (TrustBlock $one): array => $one->toArray(), $this->trust));
    }

    /** Returns all of it as data. @return array<mixed> */
    public function toArray(): array
    {
        return $this->data;
    }

    protected function shown(): array
    {
        return ['trust' => $this->trust, 'state' => $this->state->value];
    }
}
