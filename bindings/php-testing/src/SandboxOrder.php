<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/** An order as the platform has it, and where its push stands. */
final class SandboxOrder
{
    /** The platform's id of it. */
    public readonly string $signid;
    /** The site's own number. */
    public readonly string $orderNumber;
    /** The token that it was sent with. */
    public readonly string $tokenid;
    /** `Accepted`, `Signed` or `Failed`. */
    public readonly OrderState $state;
    /** When it was accepted, by the platform's clock. */
    public readonly \DateTimeImmutable $acceptedAt;
    /** The code of an order that failed. */
    public readonly ?int $errorCode;
    /** SHA-256 of the signed document, in hex. */
    public readonly ?string $sha256;
    /** `pending`, `acknowledged` or `undelivered`; null while there is nothing to push. */
    public readonly ?string $pushState;
    /** How many times the push was tried so far. */
    public readonly int $pushTries;
    /** When the push is tried next, by the platform's clock; null: it is not by itself. */
    public readonly ?\DateTimeImmutable $nextPush;
    /** Why the last try to push was not acknowledged. */
    public readonly ?string $pushError;
    /** @var array<string, mixed> all that the control API tells, with the signers of {@see WoSignDocSandbox::order()} */
    public readonly array $all;

    /** @internal @param array<string, mixed> $told */
    public function __construct(array $told)
    {
        $this->signid = $told['signid'];
        $this->orderNumber = $told['order_number'];
        $this->tokenid = $told['tokenid'];
        $this->state = OrderState::from($told['state']);
        $this->acceptedAt = new \DateTimeImmutable($told['accepted_at']);
        $this->errorCode = $told['errorcode'] ?? null;
        $this->sha256 = $told['sha256'] ?? null;
        $this->pushState = $told['push']['state'] ?? null;
        $this->pushTries = $told['push']['tries'] ?? 0;
        $this->nextPush = isset($told['push']['next_try']) ? new \DateTimeImmutable($told['push']['next_try']) : null;
        $this->pushError = $told['push']['last_error'] ?? null;
        $this->all = $told;
    }

    /** Says in one line where it stands. */
    public function __toString(): string
    {
        return $this->all['line'];
    }
}
