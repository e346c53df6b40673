<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Tests\Support\Process;

/**
 * Memory that is resident stays flat over thousands of calls, good and bad. Each loop runs in a PHP of its
 * own: here the memory that other tests have freed would be filled first, and hide what leaks.
 */
final class LeakTest extends TestCase
{
    /** KiB: five times what either grows by without a leak, and a hundred bytes for every order. */
    private const ALLOWED = 1024;

    public function testTenThousandOrders(): void
    {
        $this->assertFlat('orders', '10,000 orders validated', 10_000);
    }

    public function testTwoThousandPushes(): void
    {
        $this->assertFlat('pushes', '2,000 pushes received', 2_000);
    }

    public function testFiveThousandOrdersByATransport(): void
    {
        $this->assertFlat('hosted', '5,000 orders sent by a transport', 5_000);
    }

    public function testThreeHundredVerifications(): void
    {
        $this->assertFlat('verified', '300 documents verified', 300);
    }

    private function assertFlat(string $loop, string $what, int $times): void
    {
        [$code, $text] = Process::run([PHP_BINARY, __DIR__ . '/Support/leak.php', $loop, (string) $times]);
        self::assertSame(0, $code, $text);
        self::assertMatchesRegularExpression('/^-?\d+$/', $text);
        fwrite(STDERR, sprintf("%s: resident memory grew by %d KiB\n", $what, (int) $text));
        self::assertLessThan(self::ALLOWED, (int) $text, $what);
    }
}
