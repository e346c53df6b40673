<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

use PHPUnit\Framework\Assert;

/** Takes the steps of vectors/deliveries.json on a store. */
final class DeliverySteps
{
    public static function take(TimedStore $timed, \stdClass $step, string $key, string $name): void
    {
        $store = $timed->store;
        $gives = match (true) {
            isset($step->claim) => $store->claim($key, $step->claim)->value,
            isset($step->complete) => self::complete($timed, $key, $step->complete),
            isset($step->release) => $store->release($key, $step->release),
            isset($step->renew) => $store->renew($key, $step->renew) ? 'renewed' : 'not_renewed',
            isset($step->pass_seconds) => $timed->pass($step->pass_seconds),
        };
        Assert::assertSame($step->gives ?? null, $gives, "$name: " . json_encode($step));
    }

    private static function complete(TimedStore $timed, string $key, string $owner): string
    {
        try {
            return $timed->store->complete($key, $owner) ? 'completed' : 'taken_over';
        } catch (\RuntimeException $error) {
            Assert::assertMatchesRegularExpression('/lost|gone/', $error->getMessage());
            return 'lost';
        }
    }
}
