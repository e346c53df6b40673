<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
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

    /** What READMEs show is what the example says. */
    public function testTheReadmesShowTheExample(): void
    {
        foreach (['sign_contract.php', 'push.php'] as $example) {
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
