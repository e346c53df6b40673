<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Client;
use WoSignDoc\Configuration;
use WoSignDoc\Tests\Support\Gateway;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Transports;

/** A preflight goes the way of the orders: by the library itself, curl, or a PSR-18 client. */
final class TransportPreflightTest extends TestCase
{
    /**
     * A client with a transport says so, and so does its preflight.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::hosts
     */
    public function testAboutAndPreflight(string $transport): void
    {
        $settings = ['identity' => ['certificate_file' => '/nowhere.pem'], 'roots' => ['ca_file' => '/nowhere.pem']];
        $client = new Client(Configuration::fromArray(Platform::shared()->settings($settings)), Transports::of($transport));
        $name = Transports::of($transport)->name();
        self::assertSame(Platform::shared()->settings()['endpoint'], $client->about()['endpoint']);
        self::assertSame($name, $client->about()['transport']);
        self::assertStringNotContainsString('/nowhere', print_r($client, true));

        $report = Transports::configuration($transport, $settings)->preflight(null, Transports::of($transport));
        self::assertTrue($report->ok(), (string) $report);
        self::assertSame(['configuration', 'transport', 'endpoint', 'platform'], array_column($report->toArray()['checks'], 'check'));
        self::assertStringContainsString("by $name", $report->text());
        self::assertStringContainsString("由 $name 发送", $report->textZh());
        // The form is the core's.
        $own = Platform::shared()->settings();
        $line = '/^ok      configuration: complete, for \S+\n/';
        preg_match($line, Configuration::fromArray($own)->preflight()->text(), $expected);
        self::assertStringStartsWith($expected[0], $report->text());
    }

    /**
     * Covers P-3, P-18, P-23: a live preflight tells whether the platform knows token and certificate, whoever sends. A host's
     * HTTP client shows its own certificate alone, and so sends one order less.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testALivePreflight(string $transport): void
    {
        $look = static function (array $settings) use ($transport): array {
            $report = Transports::configuration($transport, $settings)
                ->preflight(transport: Transports::of($transport), live: true);
            self::assertMatchesRegularExpression('/live：已发送必被拒绝/u', $report->textZh());
            return [$report->ok(), $report->text(), array_column($report->toArray()['checks'], 'level', 'check')];
        };
        [$ok, $text, $levels] = $look([]);
        self::assertTrue($ok, $text);
        self::assertSame(['ok', 'ok', 'ok'], [$levels['live'], $levels['token'], $levels['registration']]);
        self::assertStringContainsString('made-up tokenid (-65)', $text);
        self::assertSame($transport === Transports::OWN, str_contains($text, 'certificate made for this call (-80)'));
        self::assertStringContainsString('made-up template (-43); none was created', $text);
        self::assertStringNotContainsString(Platform::shared()->settings()['tokenid'], $text);

        [$ok, $text, $levels] = $look(['tokenid' => 'nobody-has-this-one']);
        self::assertSame([false, 'error', 'warning'], [$ok, $levels['token'], $levels['registration']], $text);
    }

    /**
     * Covers P-23: an order of a preflight that gets no answer is not sent again, and none follows.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::hosts
     */
    public function testALivePreflightStops(string $transport): void
    {
        Gateway::shared()->answers(true);
        $settings = ['endpoint' => Gateway::shared()->url, 'retry' => ['attempts' => 5, 'pause_ms' => 1]];
        $report = Transports::configuration($transport, $settings)->preflight(2000, Transports::of($transport), true);
        self::assertFalse($report->ok());
        self::assertStringContainsString('the platform did not get as far as the tokenid', $report->text());
        self::assertCount(1, Gateway::shared()->requests());
    }

    /**
     * A preflight finds what would fail.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::hosts
     */
    public function testWhatAPreflightFinds(string $transport): void
    {
        $check = static function (array $settings) use ($transport): array {
            $report = Transports::configuration($transport, $settings)->preflight(2000, Transports::of($transport));
            self::assertMatchesRegularExpression('/\p{Han}/u', $report->textZh());
            $checks = array_filter($report->toArray()['checks'], static fn (array $one): bool => $one['level'] !== 'ok');
            self::assertSame($report->ok(), !in_array('error', array_column($checks, 'level'), true));
            foreach ($checks as $one) {
                self::assertNotEmpty($one['advice'] . $one['advice_zh']);
            }
            return array_column($checks, 'level', 'check');
        };
        self::assertSame(['configuration' => 'error'], $check(['tokenid' => '']));
        self::assertSame(['endpoint' => 'error'], $check(['endpoint' => 'https://127.0.0.1:' . Process::freePort() . '/']));
        $gateway = ['endpoint' => Gateway::shared()->url];
        $answers = [
            [200, '{"status":1,"errorcode":0,"signid":"s-1"}', ['platform' => 'warning']],
            [502, '<html>', ['platform' => 'error']],
            [302, '', ['platform' => 'error']],
            [405, '{"status":0,"errorcode":-80}', ['platform' => 'error']],
            [405, '', []],
        ];
        foreach ($answers as [$status, $body, $found]) {
            Gateway::shared()->answers(Gateway::http($status, $body));
            self::assertSame($found, $check($gateway), "$status $body");
            self::assertStringStartsWith('GET /orders ', Gateway::shared()->requests()[0]['head']);
        }
        Gateway::shared()->answers(true);
        self::assertSame(['endpoint' => 'error'], $check($gateway));
    }
}
