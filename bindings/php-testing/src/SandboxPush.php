<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/** The push of an order, and where it stands. */
final class SandboxPush
{
    /** `pending`, `acknowledged` or `undelivered`. */
    public readonly string $state;
    /** Whether there is a URL to push to. */
    public readonly bool $hasCallback;
    /** The number of tries so far. */
    public readonly int $tries;
    /** The time of the next try, by the platform's clock; null: there is none. */
    public readonly ?\DateTimeImmutable $nextTry;
    /** Why the last try was not acknowledged. */
    public readonly ?string $lastError;

    /** @internal @param array<string, mixed> $told */
    public function __construct(array $told)
    {
        $this->state = $told['state'];
        $this->hasCallback = $told['has_callback'];
        $this->tries = $told['tries'];
        $this->nextTry = isset($told['next_try']) ? new \DateTimeImmutable($told['next_try']) : null;
        $this->lastError = $told['last_error'] ?? null;
    }

    /** Returns it in words. */
    public function __toString(): string
    {
        $next = $this->nextTry === null ? '' : ', the next one at ' . $this->nextTry->format('Y-m-d\TH:i:s\Z');
        $where = $this->hasCallback ? '' : ', but there is no callback URL';
        $tries = $this->tries === 1 ? '1 try' : "$this->tries tries";
        return "its push is $this->state after $tries$next$where"
            . ($this->lastError === null ? '' : " ($this->lastError)");
    }
}
