<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Tests\Support\Folder;
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
        $script = 'require "' . __DIR__ . '/bootstrap.php";' . <<<'PHP'
            use WoSignDoc\{Client, Configuration};
            use WoSignDoc\Tests\Support\Orders;
            use WoSignDoc\Transport\CurlTransport;
            [, $settings, $pin] = $argv;
            $settings = json_decode($settings, true);
            ['identity' => ['certificate_file' => $certificate], 'roots' => ['ca_file' => $roots]] = $settings;
            unset($settings['identity'], $settings['roots']);
            $transport = new CurlTransport([
                CURLOPT_CAINFO => $roots,
                CURLOPT_SSLCERT => $certificate,
                CURLOPT_SSLENGINE => 'pkcs11',
                CURLOPT_SSLKEYTYPE => 'ENG',
                CURLOPT_SSLKEY => "pkcs11:token=site;object=client;$pin",
            ]);
            echo Configuration::fromArray($settings)->preflight(null, $transport);
            try {
                echo 'accepted: ', Client::fromArray($settings, $transport)->create(Orders::good('H-1'))->orderNumber;
            } catch (WoSignDoc\Exception\TransportException $error) {
                echo $error->reason, ': ', $error->getMessage(), var_export($error->mayHaveArrived, true);
            }
            PHP;
        $run = fn (string $pin): string => $this->inFolder($folder, [PHP_BINARY, '-r', $script, json_encode($settings), $pin]);
        self::assertStringEndsWith('accepted: H-1', $run("pin-source=$folder/pin"));
        $refused = $run('pin-value=9999');
        self::assertMatchesRegularExpression('/^ERROR   endpoint: .*crypto engine/m', $refused);
        self::assertMatchesRegularExpression('/connect_failed: .*crypto engine.*false$/m', $refused);
    }

    /** @param array<string, string> $identity the sandbox's, whose key goes into the token */
    private function makeToken(string $folder, array $identity): void
    {
        mkdir("$folder/tokens");
        file_put_contents("$folder/softhsm2.conf", "directories.tokendir = $folder/tokens\n");
        $passphrase = ['-passin', 'pass:' . ($identity['passphrase'] ?? '')];
        $this->inFolder($folder, ['openssl', 'pkey', '-in', $identity['key_file'], '-out', "$folder/key", ...$passphrase]);
        $this->inFolder($folder, ['softhsm2-util', '--init-token', '--free', '--label', 'site', '--pin', '1234', '--so-pin', '5678']);
        $import = ['--import', "$folder/key", '--token', 'site', '--label', 'client', '--id', '01', '--pin', '1234'];
        $this->inFolder($folder, ['softhsm2-util', ...$import]);
        unlink("$folder/key");
    }

    /** @param list<string> $command */
    private function inFolder(string $folder, array $command): string
    {
        $modules = glob('/usr/lib/{*/,}softhsm/libsofthsm2.so', GLOB_BRACE) ?: [''];
        $environment = ['SOFTHSM2_CONF' => "$folder/softhsm2.conf", 'PKCS11_MODULE_PATH' => $modules[0]];
        [$code, $text] = Process::run($command, $environment + getenv());
        self::assertSame(0, $code, $text);
        return $text;
    }
}
