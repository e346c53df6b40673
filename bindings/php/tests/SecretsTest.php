<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Client;
use WoSignDoc\Configuration;
use WoSignDoc\DocumentSource;
use WoSignDoc\SignOrder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Process;

/** What prints, keeps or logs an object of this package does not get at what is nobody's business. */
final class SecretsTest extends TestCase
{
    public function testAConfigurationKeepsItsPassphrase(): void
    {
        $settings = ['identity' => ['passphrase' => 'the-secret']];
        $client = Client::fromArray(Platform::shared()->settings(['user_agent' => 'the-secret/1.0']));
        foreach ([Configuration::fromArray($settings), $client] as $object) {
            ob_start();
            var_dump($object, (array) $object);
            print_r($object);
            var_export($object);
            $dump = ob_get_clean() . json_encode($object, JSON_THROW_ON_ERROR);
            self::assertStringNotContainsString('the-secret', $dump);
        }
        self::assertSame('[]', json_encode(Configuration::fromArray($settings)));
        $this->expectException(\LogicException::class);
        serialize(Configuration::fromArray($settings));
    }

    /** An order in json_encode() is as redacted as in a dump; a queue may keep it, whole. */
    public function testAnOrderInJsonIsRedacted(): void
    {
        $order = new SignOrder('A-1', [Orders::person()], DocumentSource::bytes('%PDF-secret'), 'pdf', password: 'geheim');
        $signer = Orders::person();
        $objects = [$order, $order->toRaw(), $signer, DocumentSource::bytes('%PDF-secret'), DocumentSource::base64('JVBERi1zZWNyZXQ=')];
        $json = json_encode($objects, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
        self::assertStringContainsString('A-1', $json);
        foreach (['geheim', '%PDF-secret', 'JVBERi1zZWNyZXQ=', '11010519491231002X', '李明'] as $secret) {
            self::assertStringNotContainsString($secret, $json);
        }
        self::assertEquals($order->toRaw(), unserialize(serialize($order))->toRaw());
    }

    /** Traces hold no secret where the host has them hold arguments, and nobody can change that. */
    public function testTracesWithArguments(): void
    {
        if (PHP_VERSION_ID < 80200) {
            self::assertFalse(class_exists('SensitiveParameter'), 'this PHP can hide none');
            return;
        }
        $script = 'require "' . __DIR__ . '/bootstrap.php";' . <<<'PHP'
            use WoSignDoc\{Client, DocumentSource, Protocol, RawOrder, Signer, SignOrder};
            use WoSignDoc\Push\{PushOptions, PushReceiver};
            use WoSignDoc\Verification\{SignerRules, Verifier, VerifyOptions};
            use WoSignDoc\Tests\Support\Pushes;
            $secret = 'the-secret';
            $calls = [
                fn () => Client::fromArray(['endpoint' => 'https://x', 'tokenid' => $secret]),
                fn () => Client::fromArray(['tokenid' => "$secret\xff"]),
                fn () => Client::fromEnvironment(['WOSIGNDOC_TOKEN' => $secret]),
                fn () => Protocol::validate(new RawOrder('{"x":"the-secret', ['the-secret'])),
                fn () => Protocol::wire(new SignOrder($secret, []), '{"tokenid":"the-secret"}'),
                fn () => (new SignOrder('1', [Signer::person("$secret\xff", $secret)], password: $secret))->toRaw(),
                fn () => Signer::person($secret, $secret, DocumentSource::bytes($secret), 'a.png'),
                fn () => PushReceiver::receive($secret),
                fn () => (new Verifier(new VerifyOptions(password: $secret, at: null, signers: new SignerRules(["$secret\xff"]))))
                    ->verify(DocumentSource::bytes($secret)),
                fn () => (new Verifier(VerifyOptions::fromArray(['password' => $secret, 'order' => $secret])))
                    ->verify(DocumentSource::bytes($secret)),
                fn () => PushReceiver::receive(Pushes::signed($secret), null, new PushOptions(
                    verify: new VerifyOptions(signers: new SignerRules([$secret])),
                )),
                fn () => (new PushReceiver())->feed($secret . Pushes::signed()),
            ];
            foreach ($calls as $call) {
                try {
                    $call();
                } catch (Throwable $error) {
                    $trace = array_filter($error->getTrace(), fn ($frame) => !str_contains($frame['function'], '{'));
                    echo json_encode(array_column($trace, 'args'), JSON_PARTIAL_OUTPUT_ON_ERROR), "\n";
                    print_r($trace);
                }
            }
            PHP;
        $settings = ['-d', 'zend.exception_ignore_args=0', '-d', 'disable_functions=ini_set'];
        [$code, $text] = Process::run([PHP_BINARY, ...$settings, '-r', $script]);
        self::assertSame(0, $code, $text);
        self::assertStringContainsString('SensitiveParameterValue', $text);
        self::assertSame(12, substr_count($text, "\nArray\n"), $text);
        self::assertStringNotContainsString('the-secret', $text);
    }
}
