<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Process;

/** A key that stays in a PKCS#11 token, here SoftHSM's, and is used by curl. */
final class SmartCardTest extends TestCase
{
    /** Covers P-3: the platform knows the certificate whose key nobody can read. */
    public function testAKeyBehindPkcs11(): void
    {
        $settings = Platform::shared()->settings();
        $folder = Folder::make();
        file_put_contents("$folder/pin", '1234');
        $this->makeToken($folder, $settings['identity']);
        $certificate = $settings['identity']['certificate_file'];
        unset($settings['identity']);
        $settings['roots'] = ['ca_file' => '/nowhere'];
        file_put_contents("$folder/client.json", json_encode($settings));
        $example = [PHP_BINARY, Orders::root() . '/examples/php/own_http_client.php', "$folder/client.json"];
        $roots = Platform::shared()->settings()['roots']['ca_file'];
        $sent = fn (string $pin): array => $this->inFolder(
            $folder,
            [...$example, $roots, $certificate, "pkcs11:token=site;object=client;$pin"],
        );
        [$code, $text] = $sent("pin-source=$folder/pin");
        self::assertSame(0, $code, $text);
        self::assertMatchesRegularExpression('/^ok      endpoint: reached\n(.*\n)+accepted: [\w-]+\n$/m', $text);
        [$code, $text] = $sent('pin-value=9999');
        self::assertSame(1, $code, $text);
        self::assertMatchesRegularExpression('/^ERROR   endpoint: .*crypto engine/m', $text);
        self::assertMatchesRegularExpression('/^tls_failed: .*crypto engine/m', $text);
        self::assertStringNotContainsString('accepted', $text);
    }

    /** @param array<string, string> $identity the sandbox's, whose key goes into the token */
    private function makeToken(string $folder, array $identity): void
    {
        mkdir("$folder/tokens");
        file_put_contents("$folder/softhsm2.conf", "directories.tokendir = $folder/tokens\n");
        $passphrase = ['-passin', 'pass:' . ($identity['passphrase'] ?? '')];
        $this->must($folder, ['openssl', 'pkey', '-in', $identity['key_file'], '-out', "$folder/key", ...$passphrase]);
        $this->must($folder, ['softhsm2-util', '--init-token', '--free', '--label', 'site', '--pin', '1234', '--so-pin', '5678']);
        $import = ['--import', "$folder/key", '--token', 'site', '--label', 'client', '--id', '01', '--pin', '1234'];
        $this->must($folder, ['softhsm2-util', ...$import]);
        unlink("$folder/key");
    }

    /** @param list<string> $command */
    private function must(string $folder, array $command): void
    {
        [$code, $text] = $this->inFolder($folder, $command);
        self::assertSame(0, $code, $text);
    }

    /** @param list<string> $command @return array{int, string} */
    private function inFolder(string $folder, array $command): array
    {
        $modules = glob('/usr/lib/{*/,}softhsm/libsofthsm2.so', GLOB_BRACE) ?: [''];
        $environment = ['SOFTHSM2_CONF' => "$folder/softhsm2.conf", 'PKCS11_MODULE_PATH' => $modules[0]];
        return Process::run($command, $environment + getenv());
    }
}
