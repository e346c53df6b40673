<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Client;
use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\CallTimeoutException;
use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Exception\InvalidOrderException;
use WoSignDoc\Exception\ProtocolException;
use WoSignDoc\Exception\TransportException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\SignOrder;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Gateway;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Transports;
use WoSignDoc\Tests\Support\Vectors;

/** An order meets the same whoever sends it: the library itself, curl, or a PSR-18 client. */
final class TransportTest extends TestCase
{
    private const ACCEPTED = '{"status":1,"errorcode":0,"signid":"s-1"}';

    /**
     * Covers P-4, P-5: the same request, to the byte, once.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testTheRequest(string $transport): void
    {
        Gateway::shared()->answers(Gateway::http(200, self::ACCEPTED));
        // Below and above the megabyte from which on Guzzle sends a body piece by piece.
        foreach ([20_000, 2_000_000] as $size) {
            $order = Orders::good("B-$size", DocumentSource::bytes(random_bytes($size)));
            $client = self::client($transport, ['user_agent' => 'site/1']);
            self::assertSame('s-1', $client->create($order)->signid);
            $body = $client->wire($order);
            $request = Gateway::shared()->requests()[$size > 20_000 ? 1 : 0];
            self::assertSame([strlen($body), hash('sha256', $body)], [$request['length'], $request['sha256']]);
            self::assertMatchesRegularExpression('~^POST /orders HTTP/1\.1\r\n~', $request['head']);
            self::assertMatchesRegularExpression('~^content-type: application/json; charset=utf-8\r$~mi', $request['head']);
            self::assertMatchesRegularExpression('~^user-agent: wosigndoc/\S+ site/1\r$~mi', $request['head']);
            self::assertDoesNotMatchRegularExpression('~^(expect|transfer-encoding):~mi', $request['head']);
        }
        self::assertCount(2, Gateway::shared()->requests());
    }

    /**
     * Covers P-20, P-21, P-22: what is answered means what it means to the library's own client.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::hosts
     */
    public function testAnswers(string $transport): void
    {
        foreach (Vectors::cases('answers') as $name => $case) {
            Gateway::shared()->answers(Gateway::http($case->http_status, Vectors::text($case->body)));
            $order = Orders::good('A-1', DocumentSource::bytes('%PDF-'));
            $expected = self::outcome(static fn () => self::client(Transports::OWN)->create($order));
            self::assertEquals($expected, self::outcome(static fn () => self::client($transport)->create($order)), $name);
        }
    }

    /**
     * Covers P-22: what a gateway puts in the platform's place, and what has no end.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testAnswersOfOthers(string $transport): void
    {
        $page = '<html><body>Bad Gateway</body></html>';
        $cases = [
            [502, 'answer_not_protocol', [Gateway::http(502, $page, "Content-Type: text/html\r\n")]],
            [200, 'answer_not_protocol', [Gateway::http(200, '')]],
            [302, 'answer_not_protocol', [Gateway::http(302, '', "Location: https://127.0.0.1:1/\r\n")]],
            [200, 'answer_too_large', [Gateway::http(200, '{"status":1,"signid":"' . str_repeat('x', 3_000_000) . '"}')]],
            [200, 'answer_too_large', ["HTTP/1.1 200 OK\r\n\r\n", ...array_fill(0, 300, str_repeat(' ', 10_000))]],
        ];
        foreach ($cases as [$status, $reason, $steps]) {
            Gateway::shared()->answers(...$steps);
            $error = $this->failing(ProtocolException::class, $transport);
            self::assertSame([$status, $reason, true], [$error->httpStatus, $error->reason, $error->mayHaveArrived]);
            self::assertCount(1, Gateway::shared()->requests(), 'it was sent again');
        }
        // No more than that is waited for.
        Gateway::shared()->answers("HTTP/1.1 200 OK\r\n\r\n" . str_repeat(' ', 1_200_000), 2.5);
        $begin = microtime(true);
        self::assertSame('answer_too_large', $this->failing(ProtocolException::class, $transport)->reason);
        self::assertLessThan(2, microtime(true) - $begin);
    }

    /** Headers have an end, too. Of those that Guzzle reads, its own curl takes care. */
    public function testHeadersWithoutEnd(): void
    {
        Gateway::shared()->answers("HTTP/1.1 200 OK\r\n", ...array_fill(0, 90, 'X: ' . str_repeat('x', 1000) . "\r\n"));
        $error = $this->failing(ProtocolException::class, 'curl');
        self::assertStringContainsString('the headers of the answer are too long', $error->getMessage());
        self::assertTrue($error->mayHaveArrived);
    }

    /**
     * Covers P-23: a connection that ends without an answer.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testAnAnswerThatIsCut(string $transport): void
    {
        $half = substr(Gateway::http(200, self::ACCEPTED), 0, -5);
        foreach ([[], [true], [$half], [$half, true]] as $steps) {
            Gateway::shared()->answers(...$steps);
            $error = $this->failing(WoSignDocException::class, $transport);
            self::assertSame([true, true], [$error->mayHaveArrived, $error->retry]);
            self::assertSame(is_string($steps[0] ?? null) ? 'answer_cut' : 'connection_lost', $error->reason);
            self::assertCount(1, Gateway::shared()->requests());
        }
        // What was said whole counts, however it ends.
        foreach (["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"] as $head) {
            Gateway::shared()->answers($head . self::ACCEPTED, true);
            self::assertSame('s-1', self::client($transport)->create(self::small())->signid);
        }
    }

    /**
     * Covers P-23: an answer that comes byte by byte is waited for as long as the call may last.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testAnAnswerThatDribbles(string $transport): void
    {
        $steps = [];
        foreach (str_split(Gateway::http(200, self::ACCEPTED)) as $byte) {
            array_push($steps, $byte, 0.01);
        }
        Gateway::shared()->answers(...$steps);
        self::assertSame('s-1', self::client($transport)->create(self::small())->signid);
        Gateway::shared()->answers('HTTP/1.1 200 OK', 2.5);
        $begin = microtime(true);
        $error = $this->failing(CallTimeoutException::class, $transport, timeoutMs: 500);
        self::assertLessThan(2, microtime(true) - $begin);
        self::assertSame(['call_timeout', true], [$error->reason, $error->mayHaveArrived]);
    }

    /**
     * Covers P-23: what never left is said so.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testNoConnection(string $transport): void
    {
        $silent = stream_socket_server('tcp://127.0.0.1:0');
        self::assertIsResource($silent);
        $cases = [
            [TransportException::class, '127.0.0.1:' . Process::freePort()],
            [CallTimeoutException::class, stream_socket_get_name($silent, false)],
        ];
        foreach ($cases as [$type, $address]) {
            $settings = ['endpoint' => "https://$address/", 'timeouts' => ['connect_ms' => 300]];
            $error = $this->failing($type, $transport, $settings);
            self::assertFalse($error->mayHaveArrived, $error->getMessage());
        }
    }

    /**
     * A server that nobody vouches for is sent nothing.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::hosts
     */
    public function testAServerThatIsNotTrusted(string $transport): void
    {
        Gateway::shared()->answers(Gateway::http(200, self::ACCEPTED));
        $configuration = Transports::configuration($transport, ['endpoint' => Gateway::shared()->url]);
        $client = new Client($configuration, $transport === 'curl'
            ? new \WoSignDoc\Transport\CurlTransport()
            : new \WoSignDoc\Transport\PsrTransport(new \GuzzleHttp\Client(), new \GuzzleHttp\Psr7\HttpFactory()));
        $error = self::outcome(static fn () => $client->create(self::small()));
        self::assertSame(['tls_failed', false], [$error['reason'], $error['may_have_arrived']]);
        self::assertStringContainsString('certificate', $error['message']);
        self::assertSame([], @Gateway::shared()->requests());
    }

    /**
     * What is wrong with the settings or the order is said as ever, before anything is sent.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::all
     */
    public function testWhatIsWrongBeforehand(string $transport): void
    {
        foreach ([['endpiont' => 'x'], ['endpoint' => 'http://127.0.0.1/'], ['tokenid' => '']] as $settings) {
            $error = self::outcome(static fn () => Transports::client($transport, $settings));
            self::assertSame('argument', $error['kind']);
            self::assertStringContainsString(array_key_first($settings), $error['message'] . $error['field']);
        }
        $error = $this->failing(InvalidOrderException::class, $transport, order: new SignOrder('', []));
        self::assertNotSame([], $error->violations());
        $lost = Orders::good('E-5', DocumentSource::path('/nowhere/contract.pdf'));
        self::assertSame('filebase', $this->failing(FileException::class, $transport, order: $lost)->field);
        $this->failing(InvalidCallException::class, $transport, timeoutMs: -1);
    }

    /**
     * A document that changes while it is sent breaks the request off, by its own exception.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::hosts
     */
    public function testADocumentThatChanges(string $transport): void
    {
        $file = Folder::make() . '/a.pdf';
        file_put_contents($file, str_repeat('x', 20_000_000));
        $cut = static function ($handle, $all, $so, $upload, $sent) use ($file): int {
            if ($sent > 0 && filesize($file) > 1_000_000) {
                file_put_contents($file, 'y');
                clearstatcache();
            }
            return 0;
        };
        Gateway::shared()->answers(Gateway::http(200, self::ACCEPTED));
        $client = new Client(
            Transports::configuration($transport, ['endpoint' => Gateway::shared()->url]),
            Transports::of($transport, [CURLOPT_NOPROGRESS => false, CURLOPT_XFERINFOFUNCTION => $cut]),
        );
        $begin = microtime(true);
        $error = self::outcome(static fn () => $client->create(Orders::good('C-1', DocumentSource::path($file)), 3000));
        self::assertSame(['file_changed', 'filebase'], [$error['reason'], $error['field']]);
        // Guzzle has no way to break a request off but time.
        self::assertTrue($transport === 'guzzle' || microtime(true) - $begin < 2);
    }

    /**
     * A document of 60 MB goes through a PHP that has no room for it.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::hosts
     */
    public function testALargeDocumentIsNotHeld(string $transport): void
    {
        Gateway::shared()->answers(Gateway::http(200, self::ACCEPTED));
        $file = Folder::make() . '/a.pdf';
        $handle = fopen($file, 'wb');
        ftruncate($handle, 60_000_000);
        fclose($handle);
        $platform = Platform::shared();
        $script = 'require "' . __DIR__ . '/bootstrap.php";' . <<<'PHP'
            use WoSignDoc\Tests\Support\{Orders, Platform, Transports};
            [, $transport, $url, $file, $folder] = $argv;
            $platform = (new ReflectionClass(Platform::class))->newInstanceWithoutConstructor();
            (new ReflectionProperty(Platform::class, 'folder'))->setValue($platform, $folder);
            (new ReflectionProperty(Platform::class, 'shared'))->setValue(null, $platform);
            $client = Transports::client($transport, ['endpoint' => $url]);
            echo $client->create(Orders::good('L-1', WoSignDoc\DocumentSource::path($file)))->signid;
            PHP;
        $command = [PHP_BINARY, '-d', 'memory_limit=16M', '-r', $script, $transport, Gateway::shared()->url, $file, $platform->folder];
        self::assertSame([0, 's-1'], Process::run($command));
        self::assertGreaterThan(80_000_000, Gateway::shared()->requests()[0]['length']);
    }

    /**
     * A company's proxy that wants NTLM, which the library does not speak: the order goes through it once.
     *
     * @dataProvider \WoSignDoc\Tests\Support\Transports::hosts
     */
    public function testAProxyWithNtlm(string $transport): void
    {
        $log = Folder::make() . '/log';
        $proxy = new Process([PHP_BINARY, __DIR__ . '/Support/ntlm.php', $log], "$log.php");
        $address = trim((string) fgets($proxy->stdout));
        Gateway::shared()->answers(Gateway::http(200, self::ACCEPTED));
        $configuration = Transports::configuration($transport, ['endpoint' => Gateway::shared()->url]);
        foreach (['user' => 's-1', 'nobody' => 'connect_failed'] as $user => $expected) {
            $client = new Client($configuration, Transports::of($transport, [
                CURLOPT_PROXY => "http://$address",
                CURLOPT_PROXYAUTH => CURLAUTH_NTLM,
                CURLOPT_PROXYUSERPWD => "DOMAIN\\$user:the-secret",
            ]));
            // More than fits into one piece: nothing of it goes to the proxy.
            $order = Orders::good('N-1', DocumentSource::bytes(random_bytes(2_000_000)));
            $outcome = self::outcome(static fn () => $client->create($order));
            self::assertSame($expected, $outcome['signid'] ?? $outcome['reason'], print_r($outcome, true));
            self::assertFalse($outcome['may_have_arrived'] ?? false);
            self::assertStringNotContainsString('the-secret', print_r($outcome, true));
        }
        self::assertCount(1, Gateway::shared()->requests());
        $both = "CONNECT, type 1\nCONNECT, type 3\n";
        self::assertSame($both . $both, file_get_contents($log));
    }

    /** @param array<string, mixed> $settings */
    private static function client(string $transport, array $settings = []): Client
    {
        return Transports::client($transport, $settings + ['endpoint' => Gateway::shared()->url, 'retry' => ['attempts' => 1]]);
    }

    private static function small(): SignOrder
    {
        return Orders::good('A-1', DocumentSource::bytes('%PDF-'));
    }

    /**
     * @template T of WoSignDocException
     *
     * @param class-string<T> $type
     * @param array<string, mixed> $settings
     *
     * @return T
     */
    private function failing(
        string $type,
        string $transport,
        array $settings = [],
        ?int $timeoutMs = null,
        ?SignOrder $order = null,
    ): WoSignDocException {
        try {
            self::client($transport, $settings)->create($order ?? self::small(), $timeoutMs);
        } catch (WoSignDocException $error) {
            self::assertInstanceOf($type, $error, $error->getMessage());
            return $error;
        }
        self::fail("no $type");
    }

    /** What a call ends in, as data. @return array<mixed> */
    private static function outcome(\Closure $call): array
    {
        try {
            return (array) $call();
        } catch (WoSignDocException $error) {
            return $error->toArray();
        }
    }
}
