<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/** An order that came in, or a push that went out. */
final class JournalEntry
{
    /** Its number, counted from 1. */
    public readonly int $id;
    /** Whether it is a push that went out, and not an order that came in. */
    public readonly bool $isPush;
    /** When it began, by the platform's clock. */
    public readonly \DateTimeImmutable $at;
    /** The site's own number of the order, where it is known. */
    public readonly ?string $orderNumber;
    /** The platform's id of the order, where it is known. */
    public readonly ?string $signid;
    /** How often a push was tried, this try included. */
    public readonly ?int $tries;
    /** The status of the answer; null: none came. */
    public readonly ?int $status;
    /** The beginning of the answer, where it holds nothing secret. */
    public readonly ?string $answer;
    /** What went wrong: why an order was refused, or a push not acknowledged. */
    public readonly ?string $error;
    /** @var array<string, mixed> all that the control API tells, with heads and sizes */
    public readonly array $all;

    /** @internal @param array<string, mixed> $told */
    public function __construct(array $told)
    {
        $this->id = $told['id'];
        $this->isPush = $told['kind'] === 'push';
        $this->at = new \DateTimeImmutable($told['at']);
        $this->orderNumber = $told['order_number'] ?? null;
        $this->signid = $told['signid'] ?? null;
        $this->tries = $told['tries'] ?? null;
        $this->status = $told['answer']['status'] ?? null;
        $this->answer = $told['answer']['start'] ?? null;
        $this->error = $told['error'] ?? null;
        $this->all = $told;
    }

    /** Says in one line what happened. */
    public function __toString(): string
    {
        return $this->all['line'];
    }
}
