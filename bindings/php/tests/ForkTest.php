<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Client;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Pushes;

/** A process that forks, as pcntl's users do. */
final class ForkTest extends TestCase
{
    /** A client made, and used, before the fork goes on working in parent and children. */
    public function testAClientMadeBeforeTheFork(): void
    {
        $client = Client::fromFile(Platform::shared()->clientJson());
        $client->create(Orders::good('F-before'));
        $children = $this->fork(4, static function (int $child) use ($client): string {
            $numbers = [];
            for ($at = 0; $at < 5; $at++) {
                $numbers[] = $client->create(Orders::good("F-$child-$at"))->orderNumber;
            }
            unset($client);
            return implode(' ', $numbers);
        });
        for ($at = 0; $at < 5; $at++) {
            self::assertSame("F-parent-$at", $client->create(Orders::good("F-parent-$at"))->orderNumber);
        }
        foreach ($children() as $child => $text) {
            self::assertSame("F-$child-0 F-$child-1 F-$child-2 F-$child-3 F-$child-4", $text);
        }
        self::assertSame('F-after', $client->create(Orders::good('F-after'))->orderNumber);
    }

    /** A child that ends leaves the half-received document of its parent alone, and its streams' files. */
    public function testAChildLeavesItsParentsFiles(): void
    {
        $folder = Folder::make();
        $body = Pushes::signed(str_repeat('x', 100_000));
        $receiver = new PushReceiver("$folder/a.pdf");
        $receiver->feed(substr($body, 0, 60_000));
        $stream = fopen('php://temp', 'r+b');
        self::assertIsResource($stream);
        fwrite($stream, str_repeat('y', 2_000_000));
        rewind($stream);
        $source = \WoSignDoc\DocumentSource::stream($stream);
        $children = $this->fork(1, static function () use (&$receiver, &$source): string {
            $receiver = $source = null;
            return 'gone';
        });
        self::assertSame(['gone'], $children());
        $receiver->feed(substr($body, 60_000));
        self::assertSame(100_000, $receiver->finish()->length);
        $attachments = [];
        self::assertFileExists(((array) $source->toArray($attachments))['path']);
    }

    /**
     * Runs something in children.
     *
     * @param \Closure(int): string $work
     *
     * @return \Closure(): list<string> waits for them, and gives what each said
     */
    private function fork(int $count, \Closure $work): \Closure
    {
        $folder = Folder::make();
        $pids = [];
        for ($child = 0; $child < $count; $child++) {
            $pid = pcntl_fork();
            if ($pid === 0) {
                try {
                    $said = $work($child);
                } catch (\Throwable $error) {
                    $said = (string) $error;
                }
                file_put_contents("$folder/$child", $said);
                // PHPUnit's own shutdown functions belong to the parent.
                posix_kill((int) getmypid(), SIGKILL);
            }
            $pids[] = $pid;
        }
        return static function () use ($pids, $folder): array {
            $said = [];
            foreach ($pids as $child => $pid) {
                pcntl_waitpid($pid, $status);
                $said[] = (string) file_get_contents("$folder/$child");
            }
            return $said;
        };
    }
}
