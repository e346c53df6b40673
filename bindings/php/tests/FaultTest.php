<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Exception\CallTimeoutException;
use WoSignDoc\Exception\PlatformException;
use WoSignDoc\Exception\TransportException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Transports;

/** What this side does when the platform fails, by the faults that its sandbox commits on order. */
final class FaultTest extends TestCase
{
    /**
     * Covers P-20: a refusal has its code.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testARefusal(string $transport): void
    {
        foreach ([-43, -68, -80] as $code) {
            self::assertSame($code, $this->failing($transport, PlatformException::class, "refuse=$code")->errorCode);
        }
    }

    /**
     * Covers P-23: an order whose answer was lost is sent again, and found to have arrived.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testALostAnswerIsMadeGood(string $transport): void
    {
        $number = self::number('lose-answer');
        $client = Transports::client($transport);
        // A connection that was used before: an HTTP client must not send again by itself.
        $client->create(Orders::good(self::number('')));
        $result = $client->create(Orders::good($number));
        self::assertSame([true, null, $number], [$result->acceptedBefore, $result->signid, $result->orderNumber]);
        self::assertGreaterThan(1, $result->attempts);
    }

    /**
     * Covers P-23: without a second attempt the failure says that the order may have arrived.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testALostAnswerMayHaveArrived(string $transport): void
    {
        $error = $this->failing($transport, TransportException::class, 'lose-answer');
        self::assertSame([true, 'connection_lost'], [$error->mayHaveArrived, $error->reason]);
    }

    /**
     * Covers P-23: so does a time limit that runs out after the order was sent.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testASlowAnswerMayHaveArrived(string $transport): void
    {
        $error = $this->failing($transport, CallTimeoutException::class, 'slow=30', 1000);
        self::assertSame([true, 'call_timeout'], [$error->mayHaveArrived, $error->reason]);
    }

    /**
     * @template T of WoSignDocException
     *
     * @param class-string<T> $type
     *
     * @return T what one attempt ends in
     */
    private function failing(
        string $transport,
        string $type,
        string $fault,
        ?int $timeoutMs = null,
    ): WoSignDocException {
        try {
            Transports::client($transport, ['retry' => ['attempts' => 1]])->create(Orders::good(self::number($fault)), $timeoutMs);
        } catch (WoSignDocException $error) {
            self::assertInstanceOf($type, $error, $error->getMessage());
            return $error;
        }
        self::fail("$fault did not fail");
    }

    private static function number(string $fault): string
    {
        return 'T-' . bin2hex(random_bytes(8)) . "!$fault";
    }
}
