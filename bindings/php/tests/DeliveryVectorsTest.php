<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Tests\Support\DeliverySteps;
use WoSignDoc\Tests\Support\TimedStore;
use WoSignDoc\Tests\Support\Vectors;

/** The steps of delivery stores that every language takes: same results. */
final class DeliveryVectorsTest extends TestCase
{
    /** @return iterable<string, array{\Closure(?int): TimedStore}> */
    public function stores(): iterable
    {
        foreach (TimedStore::all() as $name => $open) {
            yield $name => [$open];
        }
    }

    /**
     * Covers P-30: a push is processed once.
     *
     * @dataProvider stores
     *
     * @param \Closure(?int): TimedStore $open
     */
    public function testSteps(\Closure $open): void
    {
        foreach (Vectors::cases('deliveries') as $name => $case) {
            $store = $open($case->expire_seconds ?? null);
            foreach ($case->steps as $step) {
                DeliverySteps::take($store, $step, $step->key ?? 'key', $name);
            }
        }
    }
}
