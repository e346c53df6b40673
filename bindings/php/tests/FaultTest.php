<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Client;
use WoSignDoc\Exception\CallTimeoutException;
use WoSignDoc\Exception\PlatformException;
use WoSignDoc\Exception\TransportException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Platform;

/** What this side does when the platform fails, by the faults that its sandbox commits on order. */
final class FaultTest extends TestCase
{
    /** Covers P-20: a refusal has its code. */
    public function testARefusal(): void
    {
        foreach ([-43, -68, -80] as $code) {
            self::assertSame($code, $this->failing(PlatformException::class, "refuse=$code")->errorCode);
        }
    }

    /** Covers P-23: an order whose answer was lost is sent again, and found to have arrived. */
    public function testALostAnswerIsMadeGood(): void
    {
        $number = self::number('lose-answer');
        $result = self::client()->create(Orders::good($number));
        self::assertSame([true, null, $number], [$result->acceptedBefore, $result->signid, $result->orderNumber]);
        self::assertGreaterThan(1, $result->attempts);
    }

    /** Covers P-23: without a second attempt the failure says that the order may have arrived. */
    public function testALostAnswerMayHaveArrived(): void
    {
        $error = $this->failing(TransportException::class, 'lose-answer');
        self::assertSame([true, 'connection_lost'], [$error->mayHaveArrived, $error->reason]);
    }

    /** Covers P-23: so does a time limit that runs out after the order was sent. */
    public function testASlowAnswerMayHaveArrived(): void
    {
        $error = $this->failing(CallTimeoutException::class, 'slow=30', 1000);
        self::assertSame([true, 'call_timeout'], [$error->mayHaveArrived, $error->reason]);
    }

    /**
     * @template T of WoSignDocException
     *
     * @param class-string<T> $type
     *
     * @return T what one attempt ends in
     */
    private function failing(string $type, string $fault, ?int $timeoutMs = null): WoSignDocException
    {
        try {
            self::client(['retry' => ['attempts' => 1]])->create(Orders::good(self::number($fault)), $timeoutMs);
        } catch (WoSignDocException $error) {
            self::assertInstanceOf($type, $error, $error->getMessage());
            return $error;
        }
        self::fail("$fault did not fail");
    }

    /** @param array<string, mixed> $settings */
    private static function client(array $settings = []): Client
    {
        return Client::fromArray(Platform::shared()->settings($settings));
    }

    private static function number(string $fault): string
    {
        return 'T-' . bin2hex(random_bytes(8)) . "!$fault";
    }
}
