<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/** An order as the platform has it, and where it stands. */
final class SandboxOrder
{
    /** The platform's id of it. */
    public readonly string $signid;
    /** The site's own number. */
    public readonly string $orderNumber;
    /** The token that it was sent with. */
    public readonly string $tokenid;
    /** `accepted`, `signed` or `failed`. */
    public readonly string $state;
    /** When it was accepted, by the platform's clock. */
    public readonly \DateTimeImmutable $acceptedAt;
    /** The code of an order that failed. */
    public readonly ?int $errorCode;
    /** SHA-256 of the signed document, in hex. */
    public readonly ?string $sha256;
    /** Its push, once it is signed or failed. */
    public readonly ?SandboxPush $push;
    /** @var list<array<string, mixed>> who signs, and where, as the API tells it; only of {@see WoSignDocSandbox::order()} */
    public readonly array $signers;

    /** @internal @param array<string, mixed> $told */
    public function __construct(array $told)
    {
        $this->signid = $told['signid'];
        $this->orderNumber = $told['order_number'];
        $this->tokenid = $told['tokenid'];
        $this->state = $told['state'];
        $this->acceptedAt = new \DateTimeImmutable($told['accepted_at']);
        $this->errorCode = $told['errorcode'] ?? null;
        $this->sha256 = $told['sha256'] ?? null;
        $this->push = isset($told['push']) ? new SandboxPush($told['push']) : null;
        $this->signers = $told['signers'] ?? [];
    }

    /** Returns it in words. */
    public function __toString(): string
    {
        $code = $this->errorCode === null ? '' : " with $this->errorCode";
        return "$this->orderNumber ($this->signid) is $this->state$code" . ($this->push === null ? '' : "; $this->push");
    }
}
