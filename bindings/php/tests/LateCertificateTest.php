<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Exception\TlsException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Transports;

/** Servers that ask for the client's certificate when they have read the order: only a host's own client can send there. */
final class LateCertificateTest extends TestCase
{
    /**
     * Covers P-3: by renegotiation, as IIS does by default.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::hosts
     */
    public function testARenegotiation(string $transport): void
    {
        $this->assertTaken($transport, '-tls1_2', 'write hello request');
    }

    /**
     * Covers P-3: by TLS 1.3's authentication after the handshake.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::hosts
     */
    public function testAnAuthenticationAfterTheHandshake(string $transport): void
    {
        $this->assertTaken($transport, '-tls1_3', 'write certificate request');
    }

    /** Covers P-3: the library itself cannot, and says why, and what can. */
    public function testTheLibraryItself(): void
    {
        [$url] = $this->server('-tls1_2');
        try {
            Transports::client(Transports::OWN, ['endpoint' => $url])->create(Orders::good('L-1'));
            self::fail('the library renegotiated');
        } catch (WoSignDocException $error) {
            self::assertInstanceOf(TlsException::class, $error, $error->getMessage());
            self::assertStringContainsString('asks for the client certificate only after the handshake', $error->getMessage());
            self::assertStringContainsString("the host's own HTTP client", $error->advice);
            self::assertStringContainsString('宿主程序自己的 HTTP 客户端', $error->adviceZh);
        }
    }

    private function assertTaken(string $transport, string $version, string $asked): void
    {
        [$url, $log] = $this->server($version);
        $client = Transports::client($transport, ['endpoint' => $url, 'timeouts' => ['total_ms' => 20_000]]);
        $result = $client->create(Orders::good('L-1'));
        self::assertSame(['late', 1], [$result->signid, $result->attempts]);
        $said = (string) file_get_contents($log);
        self::assertStringContainsString($asked, $said);
        // Asked for, shown, and vouched for; and nobody had asked in the first handshake.
        self::assertSame(1, substr_count($said, 'read client certificate'), $said);
        self::assertGreaterThan(
            strpos($said, 'negotiation finished successfully'),
            strpos($said, 'read client certificate'),
        );
    }

    /** @return array{string, string} its address, and its log */
    private function server(string $version): array
    {
        $log = Folder::make() . '/log';
        $server = new Process([PHP_BINARY, __DIR__ . '/Support/late.php', Platform::shared()->folder, $version, $log], "$log.php");
        $port = trim((string) fgets($server->stdout));
        self::assertNotSame('', $port, (string) @file_get_contents($log));
        return ["https://127.0.0.1:$port/", $log];
    }
}
