<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Testing\TestPush;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Process;

/** The example that the README shows, run against the platform. */
final class ExampleTest extends TestCase
{
    /** Covers P-40: sent, signed, pushed, stored. */
    public function testTheWholeStory(): void
    {
        $address = '127.0.0.1:' . Process::freePort();
        $platform = new Platform("http://$address/push");
        $signed = Folder::make() . '/signed.pdf';
        [$code, $text] = Process::run([
            PHP_BINARY,
            Orders::root() . '/examples/php/sign_contract.php',
            $platform->clientJson(),
            Orders::root() . '/examples/contract.pdf',
            $signed,
            $address,
        ]);
        $platform->process->stop();
        self::assertSame(0, $code, $text);
        self::assertStringContainsString('accepted: ', $text);
        self::assertStringContainsString("saved $signed", $text);
        self::assertSame(3, substr_count((string) file_get_contents($signed), '/ByteRange'));
    }

    /**
     * Covers P-30: the document is in the row, whether the push or the end of create() comes first, and however often
     * it comes; a push for no contract is not acknowledged.
     */
    public function testTheDatabase(): void
    {
        $folder = Folder::make();
        $pdo = new \PDO("sqlite:$folder/site.db", options: [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION]);
        $pdo->exec('CREATE TABLE contract (order_number TEXT PRIMARY KEY, state TEXT, document BLOB)');
        $address = '127.0.0.1:' . Process::freePort();
        $server = new Process(
            [PHP_BINARY, '-d', 'ffi.enable=true', '-S', $address, Orders::root() . '/examples/php/push_to_database.php'],
            "$folder/log",
            ['PUSH_DATABASE' => "sqlite:$folder/site.db", 'PUSH_FOLDER' => $folder] + getenv(),
        );
        [$host, $port] = explode(':', $address);
        Process::await(static fn (): bool => is_resource(@fsockopen($host, (int) $port)), "$folder/log");
        $push = static fn (TestPush $push): string => (string) @file_get_contents("http://$address/", false, stream_context_create([
            'http' => ['method' => 'POST', 'content' => $push->body(), 'ignore_errors' => true, 'header' => 'Content-Type: application/json'],
        ]));
        $insert = "INSERT INTO contract (order_number, state) VALUES (?, 'sending')";
        $accept = "UPDATE contract SET state = 'accepted' WHERE order_number = ? AND state = 'sending'";
        foreach (['A-1' => 'signed', 'A-2' => 'failed'] as $number => $state) {
            $pdo->prepare($insert)->execute([$number]);
            $one = $state === 'signed' ? TestPush::signed($number, '%PDF-mine') : TestPush::failed($number);
            self::assertSame('1', $push($one), (string) file_get_contents("$folder/log"));
            $pdo->prepare($accept)->execute([$number]);
            self::assertSame('1', $push($one));
        }
        self::assertSame('not acknowledged: not_stored', $push(TestPush::signed('A-3')));
        $server->stop();
        $rows = $pdo->query('SELECT * FROM contract ORDER BY order_number')->fetchAll(\PDO::FETCH_NUM);
        self::assertSame([['A-1', 'signed', '%PDF-mine'], ['A-2', 'failed', null]], $rows);
        self::assertSame([], Folder::names("$folder/incoming"));
        foreach (glob(Orders::root() . '/docs/deliveries*.md') ?: [] as $page) {
            self::assertStringContainsString($insert, (string) file_get_contents($page), $page);
            self::assertStringContainsString($accept, (string) file_get_contents($page), $page);
        }
    }

    /** What READMEs show is what the example says. */
    public function testTheReadmesShowTheExample(): void
    {
        foreach (['sign_contract.php', 'push.php', 'push_to_database.php', 'send_verified.php', 'push_verified.php', 'own_http_client.php'] as $example) {
            $readmes = [dirname(__DIR__) . '/README.md', dirname(__DIR__) . '/README.zh.md'];
            $example = Orders::root() . "/examples/php/$example";
            $code = (string) file_get_contents($example);
            preg_match_all('~^// \[(\w+)\]\n(.*?)\n// \[/\1\]$~ms', $code, $found, PREG_SET_ORDER);
            self::assertNotSame([], $found, $example);
            foreach ($found as [, $name, $snippet]) {
                foreach ($readmes as $readme) {
                    self::assertStringContainsString(
                        "<!-- [$name] -->\n```php\n$snippet\n```\n<!-- [/$name] -->",
                        (string) file_get_contents($readme),
                        "$readme: not what $example says",
                    );
                }
            }
        }
    }
}
