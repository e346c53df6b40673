<?php

declare(strict_types=1);

namespace WoSignDoc\Testing\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Process;

/** What PHPUnit does with a test that uses the trait. */
final class TraitTest extends TestCase
{
    /** The test that fails, and it alone, prints its sandbox's journal and log. */
    public function testAFailurePrintsWhatTheSandboxSays(): void
    {
        $folder = Folder::make();
        $text = $this->tried('FailingTest', $folder);
        self::assertStringContainsString('Tests: 4, Assertions: 6, Failures: 1', $text);
        self::assertSame(1, substr_count($text, 'WoSignDoc sandbox of '), $text);
        [, $printed] = explode('WoSignDoc sandbox of ', $text);
        self::assertStringStartsWith("WoSignDoc\\Testing\\Tests\\cases\\FailingTest::testOneThatFails\n", $printed);
        [$journal, $log] = explode("-- log --\n", $printed);
        self::assertMatchesRegularExpression("/Z order X-2: 200.*\n.*Z push X-2, try 1: 200 1/", $journal);
        self::assertMatchesRegularExpression('/INFO wosigndoc_server::.*X-2/', $log);
        self::assertStringNotContainsString('X-1', $printed, 'of this test alone');
        self::assertSame([], Folder::names($folder));
    }

    /** PHPUnit since 10 is asked otherwise whether a test failed, and what it is called. */
    public function testLaterPhpunits(): void
    {
        if (method_exists(TestCase::class, 'status')) {
            self::assertTrue(true, 'this is one: the other test has shown it');
            return;
        }
        $text = $this->tried('LaterPhpunitTest', Folder::make());
        self::assertStringContainsString("WoSignDoc sandbox of WoSignDoc\\Testing\\Tests\\cases\\LaterPhpunitTest::a name\n", $text);
    }

    /** What the pages show is what the example says, which runs among these tests. */
    public function testThePagesShowTheExample(): void
    {
        $root = dirname(__DIR__);
        $example = (string) file_get_contents("$root/examples/ContractTest.php");
        self::assertSame(1, preg_match('~^// \[sandbox\]\n(.*?)\n// \[/sandbox\]$~ms', $example, $found));
        $pages = ["$root/README.md", "$root/README.zh.md", ...(glob("$root/../../docs/testing*.md") ?: [])];
        self::assertGreaterThan(2, count($pages));
        foreach ($pages as $page) {
            self::assertStringContainsString("```php\n$found[1]\n```", (string) file_get_contents($page), $page);
        }
    }

    /** Runs a file of tests in a PHPUnit of its own; returns what it prints. */
    private function tried(string $class, string $folder): string
    {
        $command = [PHP_BINARY, $_SERVER['SCRIPT_FILENAME'], '--no-configuration', '--do-not-cache-result'];
        return Process::run([...$command, '--bootstrap', __DIR__ . '/bootstrap.php', __DIR__ . "/cases/$class.php"], ['TMPDIR' => $folder] + getenv())[1];
    }
}
