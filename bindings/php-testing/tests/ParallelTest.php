<?php

declare(strict_types=1);

namespace WoSignDoc\Testing\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Testing\Tests\cases\SiteTest;
use WoSignDoc\Testing\Tests\Support\Processes;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Process;

/** A site's tests, all at once, as a runner of several processes runs them: each passes, and nothing is left when they end. */
final class ParallelTest extends TestCase
{
    /** The folder for temporary files of all of them. */
    private static string $folder;
    /** @var array<string, array{resource, string}> processes and what they print to, by the name of the test */
    private static array $running = [];

    public static function setUpBeforeClass(): void
    {
        self::$folder = Folder::make();
        $logs = Folder::make();
        foreach (array_keys(iterator_to_array(self::cases())) as $name) {
            $command = [PHP_BINARY, $_SERVER['SCRIPT_FILENAME'], '--no-configuration', '--do-not-cache-result'];
            array_push($command, '--bootstrap', __DIR__ . '/bootstrap.php', '--filter', "/::$name\$/", __DIR__ . '/cases/SiteTest.php');
            $output = ['file', $log = "$logs/$name", 'a'];
            $environment = ['TMPDIR' => self::$folder] + getenv();
            $process = proc_open($command, [['file', '/dev/null', 'r'], $output, $output], $pipes, null, $environment);
            self::assertIsResource($process);
            self::$running[$name] = [$process, $log];
        }
    }

    /** @return iterable<string, array{string}> */
    public static function cases(): iterable
    {
        foreach ((new \ReflectionClass(SiteTest::class))->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
            if (str_starts_with($method->getName(), 'test')) {
                yield $method->getName() => [$method->getName()];
            }
        }
    }

    /** @dataProvider cases */
    public function testOfASite(string $name): void
    {
        [$process, $log] = self::$running[$name];
        $code = proc_close($process);
        $text = (string) file_get_contents($log);
        self::assertSame(0, $code, $text);
        self::assertStringContainsString('OK (1 test,', $text);
    }

    /** @depends testOfASite */
    public function testNothingIsLeft(): void
    {
        self::assertCount(10, self::$running);
        // What was killed in a test may have left its last breath to others.
        Process::await(static fn (): bool => Processes::with('TMPDIR=' . self::$folder) === [], 'the last process to end');
        self::assertSame([], Folder::names(self::$folder));
    }
}
