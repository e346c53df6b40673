<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use GuzzleHttp\Client as Guzzle;
use GuzzleHttp\Psr7\FnStream;
use GuzzleHttp\Psr7\HttpFactory;
use GuzzleHttp\Psr7\Response;
use GuzzleHttp\Psr7\Utils;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamInterface;
use WoSignDoc\Client;
use WoSignDoc\Configuration;
use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\CallTimeoutException;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Exception\ProtocolException;
use WoSignDoc\Exception\TransportException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\SignOrderResult;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\StubClient;
use WoSignDoc\Transport\CurlTransport;
use WoSignDoc\Transport\OrderBody;
use WoSignDoc\Transport\PsrTransport;
use WoSignDoc\Transport\Request;
use WoSignDoc\Transport\Transport;

/** What the host's HTTP clients are given, and what is made of all that they may do. */
final class TransportClientsTest extends TestCase
{
    private const SETTINGS = ['endpoint' => 'https://sign.example/', 'tokenid' => 'T-secret', 'retry' => ['pause_ms' => 1]];
    private const ACCEPTED = '{"status":1,"errorcode":0,"signid":"s-1"}';

    /** Verification cannot be turned off, nor an old version let in; what is the request's own stays so. */
    public function testOptionsThatAreRefused(): void
    {
        $refused = [
            'CURLOPT_SSL_VERIFYPEER' => [false, 0, '0', null, 'no'],
            'CURLOPT_SSL_VERIFYHOST' => [false, 0, '', []],
            'CURLOPT_PROXY_SSL_VERIFYPEER' => [false, 0],
            'CURLOPT_PROXY_SSL_VERIFYHOST' => [false, 0],
            'CURLOPT_DOH_SSL_VERIFYPEER' => [false],
            'CURLOPT_SSLVERSION' => [CURL_SSLVERSION_TLSv1, CURL_SSLVERSION_TLSv1_1, CURL_SSLVERSION_SSLv3, CURL_SSLVERSION_DEFAULT],
            'CURLOPT_PROXY_SSLVERSION' => [CURL_SSLVERSION_TLSv1_0, 'x'],
            'CURLOPT_TIMEOUT' => [0],
            'CURLOPT_URL' => ['https://elsewhere.example/'],
            'CURLOPT_HTTPHEADER' => [['X: y']],
            'CURLOPT_FOLLOWLOCATION' => [true],
            'CURLOPT_RETURNTRANSFER' => [true],
        ];
        foreach ($refused as $name => $values) {
            foreach ($values as $value) {
                $error = $this->refused(static fn () => new CurlTransport([constant($name) => $value]));
                self::assertSame($name, $error->field);
            }
        }
        new CurlTransport([
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_2,
            CURLOPT_PROXY => 'http://proxy.example:8080',
            CURLOPT_PROXYAUTH => CURLAUTH_NTLM,
            CURLOPT_PROXYUSERPWD => 'DOMAIN\\user:the-secret',
        ]);
    }

    /** What this curl cannot do is said at once, by the option's name and without its value. */
    public function testOptionsThatCurlDoesNotTake(): void
    {
        $cases = [
            'CURLOPT_SSLENGINE' => [CURLOPT_SSLENGINE => 'the-secret'],
            'option 999999' => [999999 => 'the-secret'],
            'option name' => ['name' => 'the-secret'],
            'CURLOPT_CAINFO' => [CURLOPT_CAINFO => "the-secret\0"],
        ];
        foreach ($cases as $name => $options) {
            $error = $this->refused(static fn () => new CurlTransport($options));
            self::assertSame($name, $error->field);
            self::assertStringNotContainsString('the-secret', $error . json_encode($error->toArray()));
        }
    }

    /** The same holds for Guzzle, of whose settings something can be known. */
    public function testAGuzzleThatDoesNotVerify(): void
    {
        foreach ([['verify' => false], ['curl' => [CURLOPT_SSL_VERIFYPEER => false]]] as $settings) {
            $this->refused(static fn () => new PsrTransport(new Guzzle($settings), new HttpFactory()));
        }
    }

    /** Neither a dump nor a trace shows what opens a key. */
    public function testSecretsOfATransport(): void
    {
        $transports = [
            new CurlTransport([CURLOPT_KEYPASSWD => 'the-secret']),
            new PsrTransport(new Guzzle(['ssl_key' => ['/key', 'the-secret']]), new HttpFactory()),
        ];
        foreach ($transports as $transport) {
            $client = Client::fromArray(self::SETTINGS, $transport);
            ob_start();
            var_dump($transport, $client, (array) $transport, (array) $client);
            var_export([$transport, $client]);
            $dump = ob_get_clean() . json_encode([$transport, $client]);
            self::assertDoesNotMatchRegularExpression('/the-secret|T-secret/', $dump);
        }
        $this->expectException(\LogicException::class);
        serialize($transports[0]);
    }

    /** A client reads the body as it likes: in pieces, whole, or once more from its beginning when it is asked who it is. */
    public function testHowABodyIsRead(): void
    {
        $order = Orders::good('A-1', DocumentSource::bytes(random_bytes(300_000)));
        $wire = Client::fromArray(self::SETTINGS, self::psr(static fn () => new Response()))->wire($order);
        $ways = [
            'pieces' => static function (StreamInterface $body): string {
                $all = '';
                while (!$body->eof()) {
                    $all .= $body->read(7000);
                }
                return $all;
            },
            'whole' => static fn (StreamInterface $body): string => (string) $body,
            'the rest' => static fn (StreamInterface $body): string => $body->read(10) . $body->getContents() . $body->read(1),
            'twice' => static function (StreamInterface $body): string {
                $body->read(100_000);
                $body->seek(0);
                return $body->getContents();
            },
            'where it stands' => static function (StreamInterface $body): string {
                $body->seek(0, SEEK_CUR);
                self::assertSame([0, false, true, false], [$body->tell(), $body->eof(), $body->isSeekable(), $body->isWritable()]);
                return $body->getContents();
            },
        ];
        foreach ($ways as $name => $way) {
            $result = self::create(static function (RequestInterface $request) use ($way, $wire, $name): ResponseInterface {
                self::assertSame(strlen($wire), $request->getBody()->getSize());
                self::assertSame((string) strlen($wire), $request->getHeaderLine('Content-Length'));
                self::assertTrue($way($request->getBody()) === $wire, $name);
                return new Response(200, [], self::ACCEPTED);
            }, $order);
            self::assertSame('s-1', $result->signid);
        }
        foreach ([static fn (StreamInterface $body) => $body->seek(5), static fn (StreamInterface $body) => $body->write('x')] as $wrong) {
            $error = $this->failing(static fn (RequestInterface $request) => $wrong($request->getBody()), TransportException::class);
            self::assertFalse($error->mayHaveArrived);
        }
    }

    /** A client may keep a request, as those do that log; the order is gone with its call. */
    public function testARequestThatIsKept(): void
    {
        $kept = null;
        $result = self::create(static function (RequestInterface $request) use (&$kept): ResponseInterface {
            $kept = $request->getBody();
            return new Response(200, [], self::ACCEPTED);
        });
        self::assertSame(['s-1', 0], [$result->signid, $kept->tell()]);
        $kept->rewind();
        $this->expectException(\LogicException::class);
        $kept->getContents();
    }

    /** What a transport throws that is not its own is told with it, and is no reason to send again. */
    public function testWhatATransportMayNotThrow(): void
    {
        $cases = [
            ['the transport threw RuntimeException', '传输抛出了 RuntimeException', \RuntimeException::class, static fn () => throw new \RuntimeException('boom')],
            ['the transport returned null', '传输返回了 null', \TypeError::class, static fn () => null],
        ];
        foreach ($cases as [$words, $wordsZh, $type, $end]) {
            foreach (['connect_failed' => 0, 'connection_lost' => 1] as $reason => $count) {
                $transport = self::transport(static function (Request $request) use ($end, $count): mixed {
                    $request->body->read($count);
                    return $end();
                });
                try {
                    Client::fromArray(self::SETTINGS, $transport)->create(Orders::good('A-1', DocumentSource::bytes('%PDF-')));
                    self::fail('no exception');
                } catch (TransportException $error) {
                    self::assertSame([$words, $wordsZh], [$error->getMessage(), $error->messageZh]);
                    self::assertSame([$reason, $count === 1, 1], [$error->reason, $error->mayHaveArrived, $transport->sends]);
                    self::assertInstanceOf($type, $error->getPrevious());
                }
            }
        }
    }

    /** A preflight has it in its report. */
    public function testWhatATransportMayNotThrowInAPreflight(): void
    {
        foreach (['endpoint' => false, 'live' => true] as $check => $live) {
            $transport = self::transport(static function (Request $request): mixed {
                $request->body->read(1);
                throw new \LogicException('boom');
            });
            $report = Configuration::fromArray(self::SETTINGS)->preflight(2000, $transport, $live);
            $levels = array_column($report->toArray()['checks'], 'level', 'check');
            self::assertSame([false, 'error'], [$report->ok(), $levels[$check] ?? null], (string) $report);
            self::assertSame(!$live, str_contains((string) $report, 'LogicException: boom'), (string) $report);
        }
    }

    /** What reads freed memory later must not be made. */
    public function testABodyCannotBeCloned(): void
    {
        self::assertFalse((new \ReflectionClass(OrderBody::class))->isCloneable());
        $body = OrderBody::ofText('{}');
        $this->expectException(\Error::class);
        clone $body;
    }

    /** Covers P-23: what a client read may have been sent; it is sent again, from its first byte. */
    public function testWhatAClientReadMayHaveBeenSent(): void
    {
        $error = $this->failing(static fn () => throw StubClient::failure('no route'), TransportException::class);
        self::assertSame(['connect_failed', false], [$error->reason, $error->mayHaveArrived]);
        self::assertStringContainsString('no route', $error->getMessage());
        $bodies = [];
        $result = self::create(static function (RequestInterface $request) use (&$bodies): ResponseInterface {
            $bodies[] = $request->getBody()->read(count($bodies) === 2 ? PHP_INT_MAX : 1000);
            return match (count($bodies)) {
                1 => throw StubClient::failure('reset'),
                // It says nothing of the first try that there was no connection now.
                2 => throw StubClient::failure('no route'),
                default => new Response(200, [], '{"status":0,"errorcode":-46}'),
            };
        });
        self::assertSame([true, 3], [$result->acceptedBefore, $result->attempts]);
        self::assertStringStartsWith($bodies[0], $bodies[2]);
        self::assertSame($bodies[0], $bodies[1]);
    }

    /** What a client says is shown, but neither a proxy's password, nor the order, nor a second line. */
    public function testTheWordsOfAClient(): void
    {
        $words = [
            "refused by http://user:the-secret@proxy:80/\nthe-secret" => 'refused by http://***@proxy:80/',
            'refused by http://user:p@the-secret@proxy:80/ for a@b' => 'refused by http://***@proxy:80/ for a@b',
            'from http://u:the-secret@one/ and http://u:p@the-secret@two/' => 'from http://***@one/ and http://***@two/',
            'could not send {"tokenid":"the-secret"' => 'no connection',
            "no certificate pkcs11:token=t;pin-value=the-secret;object=o here" => 'pkcs11:token=t;pin-value=***;object=o here',
            "\xb2\xbb" => '\\xB2\\xBB',
        ];
        foreach ($words as $said => $shown) {
            $error = $this->failing(static fn () => throw StubClient::failure($said), TransportException::class);
            self::assertStringContainsString($shown, $error->getMessage());
            self::assertStringNotContainsString('the-secret', $error . json_encode($error->toArray()));
        }
    }

    /** Covers P-22: an answer is read up to the limit, and as long as the call may last. */
    public function testAnswersWithoutEnd(): void
    {
        $read = 0;
        $endless = FnStream::decorate(Utils::streamFor(''), [
            'isSeekable' => static fn (): bool => false,
            'eof' => static fn (): bool => false,
            'read' => static function (int $length) use (&$read): string {
                $read += $length;
                return str_repeat(' ', $length);
            },
        ]);
        $error = $this->failing(static fn () => new Response(200, [], $endless), ProtocolException::class);
        self::assertSame(['answer_too_large', 1024 * 1024 + 1], [$error->reason, $read]);

        $silent = FnStream::decorate(Utils::streamFor(''), [
            'eof' => static fn (): bool => false,
            'read' => static fn (int $length): string => '',
        ]);
        $error = $this->failing(static fn () => new Response(200, [], $silent), CallTimeoutException::class, 200);
        self::assertTrue($error->mayHaveArrived);

        // Nor is an order sent longer than that.
        $error = $this->failing(static function (RequestInterface $request): ResponseInterface {
            $request->getBody()->read(1);
            usleep(300_000);
            $request->getBody()->read(1);
            return new Response(200, [], self::ACCEPTED);
        }, CallTimeoutException::class, 200);
        self::assertTrue($error->mayHaveArrived);
    }

    /** Covers P-23: less than was promised is no answer, unless it was said whole. */
    public function testAnAnswerThatIsShorterThanItSays(): void
    {
        $error = $this->failing(static fn () => new Response(200, ['Content-Length' => '90'], '{"status":1'), ProtocolException::class);
        self::assertTrue($error->mayHaveArrived);
        $result = self::create(static fn () => new Response(200, ['Content-Length' => '90'], self::ACCEPTED));
        self::assertSame('s-1', $result->signid);
    }

    /** A document that changes between two pieces is told by its own exception, also by a later try. */
    public function testADocumentThatChanges(): void
    {
        foreach ([1, 2] as $try) {
            $file = Folder::make() . '/a.pdf';
            file_put_contents($file, str_repeat('x', 500_000));
            $tries = 0;
            $does = static function (RequestInterface $request) use ($file, $try, &$tries): ResponseInterface {
                $request->getBody()->read(1000);
                if (++$tries === $try) {
                    file_put_contents($file, 'y');
                }
                try {
                    $request->getBody()->getContents();
                } catch (\Throwable) {
                    throw StubClient::failure('the body cannot be read');
                }
                throw StubClient::failure('reset');
            };
            try {
                self::create($does, Orders::good('A-1', DocumentSource::path($file)));
                self::fail('half an order was sent');
            } catch (WoSignDocException $error) {
                self::assertSame(['file_changed', 'filebase', $try === 2], [$error->reason, $error->field, $error->mayHaveArrived]);
            }
        }
    }

    private static function psr(\Closure $does): PsrTransport
    {
        return new PsrTransport(new StubClient($does), new HttpFactory());
    }

    private static function transport(\Closure $does): Transport
    {
        return new class ($does) implements Transport {
            public int $sends = 0;

            public function __construct(private readonly \Closure $does)
            {
            }

            public function name(): string
            {
                return 'own';
            }

            public function send(Request $request): \WoSignDoc\Transport\Response
            {
                $this->sends++;
                return ($this->does)($request);
            }
        };
    }

    private static function create(\Closure $does, ?\WoSignDoc\SignOrder $order = null, ?int $timeoutMs = null): SignOrderResult
    {
        $client = new Client(Configuration::fromArray(self::SETTINGS), self::psr($does));
        return $client->create($order ?? Orders::good('A-1', DocumentSource::bytes('%PDF-')), $timeoutMs);
    }

    /**
     * @template T of WoSignDocException
     *
     * @param class-string<T> $type
     *
     * @return T
     */
    private function failing(\Closure $does, string $type, ?int $timeoutMs = null): WoSignDocException
    {
        try {
            self::create($does, null, $timeoutMs);
        } catch (WoSignDocException $error) {
            self::assertInstanceOf($type, $error, $error->getMessage());
            return $error;
        }
        self::fail("no $type");
    }

    private function refused(\Closure $call): InvalidCallException
    {
        try {
            $call();
        } catch (InvalidCallException $error) {
            self::assertSame('bad_option', $error->reason);
            self::assertMatchesRegularExpression('/\p{Han}/u', $error->messageZh . $error->adviceZh);
            return $error;
        }
        self::fail('it was taken');
    }
}
