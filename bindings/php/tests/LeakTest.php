<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Exception\InvalidOrderException;
use WoSignDoc\Exception\IntegrityException;
use WoSignDoc\Protocol;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\SignOrder;
use WoSignDoc\Source;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Pushes;

/** Memory that is resident stays flat over thousands of calls, good and bad. */
final class LeakTest extends TestCase
{
    private const ALLOWED = 2048;

    public function testTenThousandOrders(): void
    {
        $document = random_bytes(20_000);
        $order = static fn (): SignOrder => new SignOrder('L-1', [Orders::person()], Source::bytes($document), 'pdf');
        $this->assertFlat('10,000 orders validated', 10_000, static function (int $at) use ($order): void {
            if ($at % 10 === 0) {
                try {
                    Protocol::validate(new SignOrder('', []));
                } catch (InvalidOrderException) {
                    return;
                }
            }
            Protocol::validate($order(), '{"tokenid":"T"}');
            if ($at % 10 === 1) {
                Protocol::wire($order(), '{"tokenid":"T"}');
            }
        });
    }

    public function testTwoThousandPushes(): void
    {
        $folder = Folder::make();
        $good = Pushes::signed(random_bytes(100_000));
        $bad = Pushes::signed('x', hash: str_repeat('0', 64));
        $this->assertFlat('2,000 pushes received', 2_000, static function (int $at) use ($folder, $good, $bad): void {
            switch ($at % 4) {
                case 0:
                    PushReceiver::receive($good)->bytes();
                    break;
                case 1:
                    PushReceiver::receive($good, "$folder/a.pdf");
                    break;
                case 2:
                    $receiver = new PushReceiver();
                    foreach (Pushes::pieces($good, 16_384) as $piece) {
                        $receiver->feed($piece);
                    }
                    $at % 8 === 2 ? $receiver->finish() : $receiver->abandon();
                    break;
                default:
                    try {
                        PushReceiver::receive($bad);
                    } catch (IntegrityException) {
                        break;
                    }
            }
        });
    }

    /** @param \Closure(int): void $call */
    private function assertFlat(string $what, int $times, \Closure $call): void
    {
        // Warm-up: caches and pools fill.
        for ($at = 0; $at < $times / 5; $at++) {
            $call($at);
        }
        gc_collect_cycles();
        $before = self::resident();
        for ($at = 0; $at < $times; $at++) {
            $call($at);
        }
        gc_collect_cycles();
        $growth = self::resident() - $before;
        fwrite(STDERR, sprintf("%s: resident memory grew by %d KiB\n", $what, $growth));
        self::assertLessThan(self::ALLOWED, $growth, $what);
    }

    /** Resident memory of this process, in KiB. */
    private static function resident(): int
    {
        preg_match('/^VmRSS:\s+(\d+) kB/m', (string) file_get_contents('/proc/self/status'), $found);
        return (int) ($found[1] ?? 0);
    }
}
