<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

use WoSignDoc\Delivery\Claim;
use WoSignDoc\Delivery\DeliveryStore;

/** A store that takes its steps, and throws before or after them. */
final class FailingStore implements DeliveryStore
{
    /** @param array<string, string> $throws step => `before` or `after` */
    public function __construct(private readonly DeliveryStore $store, private readonly array $throws)
    {
    }

    public function claim(string $key, string $owner): Claim
    {
        return $this->take('claim', fn (): Claim => $this->store->claim($key, $owner));
    }

    public function complete(string $key, string $owner): bool
    {
        return $this->take('complete', fn (): bool => $this->store->complete($key, $owner));
    }

    public function release(string $key, string $owner): void
    {
        $this->take('release', fn () => $this->store->release($key, $owner));
    }

    public function renew(string $key, string $owner): bool
    {
        return $this->take('renew', fn (): bool => $this->store->renew($key, $owner));
    }

    /**
     * @template T
     *
     * @param \Closure(): T $call
     *
     * @return T
     */
    private function take(string $step, \Closure $call): mixed
    {
        if (($this->throws[$step] ?? '') === 'before') {
            throw new \RuntimeException("$step, before it took effect");
        }
        $result = $call();
        return isset($this->throws[$step]) ? throw new \RuntimeException("$step, after it took effect") : $result;
    }
}
