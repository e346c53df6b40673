<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\ScriptEnd;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\MemoryLogger;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Pushes;

/** What goes with a script, and what does not: each in a PHP of its own. */
final class ScriptEndTest extends TestCase
{
    private const SOURCE = <<<'PHP'
        $stream = fopen('php://memory', 'w+b');
        fwrite($stream, str_repeat('x', 2 << 20));
        rewind($stream);
        $order = WoSignDoc\Tests\Support\Orders::good('E-1', WoSignDoc\DocumentSource::stream($stream));
        PHP;

    public function testATemporaryFileGoesAfterAFatalError(): void
    {
        $folder = Folder::make();
        foreach (["str_repeat('x', PHP_INT_MAX >> 8);", 'exit;', 'throw new Exception();', ''] as $end) {
            self::php(self::SOURCE . "echo count(scandir('$folder')) - 2; $end", $folder, '1');
            self::assertSame([], Folder::names($folder), $end);
        }
    }

    /** A site that sends its orders when the visitor has his page does so in a shutdown function. */
    public function testShutdownFunctionsOfTheSiteMayStillUseIt(): void
    {
        $use = 'register_shutdown_function(function () use (&$order) {'
            . 'echo strlen(WoSignDoc\Protocol::wire($order)) > (2 << 20) ? "whole" : "cut"; });';
        foreach (['', 'exit;'] as $end) {
            self::php($use . self::SOURCE . $use . $end, Folder::make(), 'wholewhole');
        }
    }

    /** A child that exits takes neither the document nor the claim of its parent. */
    public function testAChildThatExitsLeavesItsParentsPush(): void
    {
        $folder = Folder::make();
        mkdir("$folder/deliveries");
        $body = var_export(Pushes::signed('whole'), true);
        $script = <<<PHP
            \$store = new WoSignDoc\Delivery\FileDeliveryStore('$folder/deliveries');
            \$endpoint = new WoSignDoc\Endpoint\PushEndpoint(function (\$push) use (\$store) {
                if (pcntl_fork() === 0) {
                    exit;
                }
                pcntl_wait(\$status);
                echo \$store->claim(\$push->deliveryKey, 'another')->name, ' ';
                \$push->saveAs('$folder/a.pdf');
            }, '$folder', \$store);
            echo \$endpoint->answer('POST', [$body])->body;
            PHP;
        self::php($script, $folder, 'Busy 1');
        self::assertSame('whole', file_get_contents("$folder/a.pdf"));
    }

    /** A server that answers for weeks in one script keeps nothing of what it has answered. */
    public function testNothingPilesUp(): void
    {
        $steps = new \ReflectionProperty(ScriptEnd::class, 'steps');
        $before = count($steps->getValue());
        $endpoint = new PushEndpoint(static fn () => null, Folder::make(), logger: new MemoryLogger());
        for ($time = 0; $time < 10; $time++) {
            self::assertSame(200, $endpoint->answer('POST', [Pushes::signed()])->status);
        }
        self::assertLessThanOrEqual($before, count($steps->getValue()));
    }

    private static function php(string $script, string $temporary, string $expected): void
    {
        $script = 'require "' . __DIR__ . '/bootstrap.php";' . $script;
        $settings = ['memory_limit=128M', "sys_temp_dir=$temporary", 'display_errors=0', 'log_errors=0'];
        $settings = array_map(static fn (string $one): string => "-d$one", $settings);
        self::assertSame($expected, Process::run([PHP_BINARY, ...$settings, '-r', $script])[1]);
    }
}
