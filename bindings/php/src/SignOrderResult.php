<?php

declare(strict_types=1);

namespace WoSignDoc;

/** What the platform said when it took the order. */
final class SignOrderResult
{
    /** The platform's id of the order; null when an earlier attempt arrived: the push brings it. */
    public readonly ?string $signid;
    /** The caller's own number. */
    public readonly string $orderNumber;
    /** Whether it was accepted by an attempt whose answer never came. */
    public readonly bool $acceptedBefore;
    /** How many attempts were made. */
    public readonly int $attempts;
    /** @var list<Warning> oddities of the order */
    public readonly array $warnings;

    /**
     * @internal
     *
     * @param array<mixed> $document
     */
    public function __construct(array $document)
    {
        $this->signid = $document['signid'] ?? null;
        $this->orderNumber = $document['orderNumber'] ?? $document['ordernumber'] ?? '';
        $this->acceptedBefore = $document['accepted_before'] ?? false;
        $this->attempts = $document['attempts'] ?? 1;
        $this->warnings = ($document['warnings'] ?? []) === [] ? [] : Warning::listFrom($document);
    }
}
