<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7\ServerRequest;
use PHPUnit\Framework\TestCase;
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Endpoint\PsrPushHandler;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Tests\Support\Endpoints;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Pushes;

/** The endpoint that cannot acknowledge wrongly. Covers P-30, P-32, P-35. */
final class EndpointTest extends TestCase
{
    use Endpoints;

    /** Covers P-30: acknowledged with the one character, after the function has returned. */
    public function testAcknowledgesAfterTheFunctionReturned(): void
    {
        $target = Folder::make() . '/signed.pdf';
        $endpoint = $this->endpoint(function (ReceivedPush $push) use ($target): void {
            self::assertCount(1, (array) glob("$this->folder/*.pdf"));
            $push->saveAs($target);
        });
        $answer = $this->push($endpoint, Pushes::signed('%PDF-1'));
        self::assertSame([200, '1'], [$answer->status, $answer->body]);
        self::assertSame('text/plain; charset=utf-8', $answer->headers['Content-Type']);
        self::assertSame('1', $answer->headers['Content-Length']);
        self::assertSame('%PDF-1', file_get_contents($target));
        self::assertSame([], Folder::names($this->folder));
    }

    /** Covers P-30: whatever is thrown, the push is not acknowledged, is logged, and may come again at once. */
    public function testAFunctionThatThrowsIsNotAcknowledged(): void
    {
        $store = new FileDeliveryStore(Folder::make());
        foreach ([new \RuntimeException('disk full'), new \TypeError('a bug'), new \PDOException('gone')] as $thrown) {
            $answer = $this->push($this->endpoint(static fn () => throw $thrown, $store), Pushes::signed());
            $this->assertRefused(500, 'not_stored', $answer);
            self::assertStringContainsString('error WoSignDoc: the push was not stored', $this->log->text());
            self::assertSame($thrown, end($this->log->lines)[2]['exception'] ?? null);
        }
        self::assertSame([], Folder::names($this->folder));
        self::assertSame(200, $this->push($this->endpoint($this->keep(), $store), Pushes::signed())->status);
        self::assertCount(1, $this->stored);
    }

    /** Covers P-31: a push that is not good never reaches the function. */
    public function testABadPushNeverReachesTheFunction(): void
    {
        $endpoint = $this->endpoint($this->keep());
        $this->assertRefused(400, 'hash_mismatch', $this->push($endpoint, Pushes::signed(hash: str_repeat('0', 64))));
        $this->assertRefused(400, 'push_cut', $this->push($endpoint, substr(Pushes::signed(), 0, -1)));
        $this->assertRefused(400, 'push_not_protocol', $this->push($endpoint, '1'));
        $this->assertRefused(400, 'push_cut', $this->push($endpoint, ''));
        self::assertSame([], $this->stored);
        self::assertSame([], Folder::names($this->folder));
        self::assertStringContainsString('warning WoSignDoc push refused: hash_mismatch', $this->log->text());
    }

    /** Covers P-2: other methods. */
    public function testOnlyPost(): void
    {
        foreach (['GET', 'HEAD', 'PUT', 'DELETE', 'post', ''] as $method) {
            $answer = $this->endpoint($this->keep())->answer($method, [Pushes::signed()]);
            $this->assertRefused(405, 'method_not_allowed', $answer);
            self::assertSame('POST', $answer->headers['Allow']);
        }
    }

    public function testABodyOverTheLimit(): void
    {
        $endpoint = $this->endpoint($this->keep(), options: new PushOptions(maxBody: 100));
        $body = Pushes::signed(str_repeat('x', 1000));
        $endless = (static function () use ($body): iterable {
            yield from Pushes::pieces($body);
            self::fail('a body that is too large was read to its end');
        })();
        $this->assertRefused(413, 'push_too_large', $endpoint->answer('POST', $endless));
        self::assertSame([], $this->stored);
    }

    /** Covers P-32: a failed order reaches the function, and is acknowledged once it returned. */
    public function testAFailedOrder(): void
    {
        $answer = $this->push($this->endpoint($this->keep()), Pushes::failed('-50'));
        self::assertSame([200, '1'], [$answer->status, $answer->body]);
        self::assertTrue($this->stored[0]->failed());
        self::assertSame([-50], $this->stored[0]->errorCodes);
        $answer = $this->push($this->endpoint(static fn () => throw new \Exception()), Pushes::failed());
        $this->assertRefused(500, 'not_stored', $answer);
    }

    /** Covers P-30: what a function returns that has not stored the document, and does not throw. */
    public function testAFunctionThatReturnsAFailure(): void
    {
        $promise = new class () {
            public function then(): void
            {
            }
        };
        $ran = false;
        $generator = static function () use (&$ran): \Generator {
            $ran = true;
            yield 1;
        };
        $store = new FileDeliveryStore(Folder::make());
        $functions = ['false' => static fn () => false, 'yield' => $generator, 'promise' => static fn () => $promise];
        foreach ($functions as $word => $function) {
            $this->assertRefused(500, 'not_stored', $this->push($this->endpoint($function, $store), Pushes::signed()));
            self::assertStringContainsString($word, (string) (end($this->log->lines)[2]['exception'] ?? ''));
        }
        self::assertFalse($ran);
        foreach ([null, true, 0, '', []] as $result) {
            $answer = $this->push($this->endpoint(static fn () => $result), Pushes::signed());
            self::assertSame(200, $answer->status, json_encode($result));
        }
    }

    /** A site's error handler hears of suppressed errors too, and some throw at the first: there is none. */
    public function testStoringCausesNoErrorOfPhp(): void
    {
        $folder = Folder::make();
        $heard = [];
        set_error_handler(static function (int $level, string $message) use (&$heard): bool {
            $heard[] = $message;
            return true;
        });
        try {
            $save = static fn (ReceivedPush $push) => $push->saveAs("$folder/a.pdf");
            $this->push($this->endpoint($save, new FileDeliveryStore($folder)), Pushes::signed());
        } finally {
            restore_error_handler();
        }
        self::assertSame([], $heard);
    }

    /** A body that cannot be read, and a log that fails. */
    public function testWhatElseMayThrow(): void
    {
        $body = (static function (): iterable {
            yield substr(Pushes::signed(), 0, 20);
            throw new \RuntimeException('the connection is gone');
        })();
        $this->assertRefused(500, 'receiving_failed', $this->endpoint($this->keep())->answer('POST', $body));
        $logger = new class () extends \Psr\Log\AbstractLogger {
            public function log($level, $message, array $context = []): void
            {
                throw new \RuntimeException('no log');
            }
        };
        $endpoint = new PushEndpoint($this->keep(), $this->folder, logger: $logger);
        self::assertSame(200, $this->push($endpoint, Pushes::signed())->status);
        $this->assertRefused(400, 'push_cut', $this->push($endpoint, '{'));
    }

    /** No document, no name, no number in the log. */
    public function testTheLogHoldsNoDocument(): void
    {
        $this->push($this->endpoint($this->keep()), Pushes::signed('%PDF-secret'));
        self::assertStringContainsString('info WoSignDoc push acknowledged: stored', $this->log->text());
        self::assertStringContainsString(Pushes::SIGNID, $this->log->text());
        self::assertStringNotContainsString('%PDF-secret', $this->log->text());
        self::assertStringNotContainsString(base64_encode('%PDF-secret'), $this->log->text());
    }

    /** The same through PSR-7 and PSR-15. */
    public function testPsr15(): void
    {
        $factory = new Psr17Factory();
        $handler = new PsrPushHandler($this->endpoint($this->keep()), $factory, $factory);
        $ask = static function (string $method, string $body) use ($handler): array {
            $response = $handler->handle(new ServerRequest($method, '/push', ['Content-Length' => (string) strlen($body)], $body));
            return [$response->getStatusCode(), (string) $response->getBody(), $response->getHeaderLine('Content-Type')];
        };
        self::assertSame([200, '1', 'text/plain; charset=utf-8'], $ask('POST', Pushes::signed(str_repeat('x', 200_000))));
        self::assertSame(200_000, $this->stored[0]->length);
        self::assertSame(400, $ask('POST', Pushes::signed(hash: 'x'))[0]);
        self::assertSame(405, $ask('GET', '')[0]);
        $handler = new PsrPushHandler($this->endpoint(static fn () => throw new \Exception()), $factory, $factory);
        $response = $handler->handle(new ServerRequest('POST', '/push', [], Pushes::signed()));
        self::assertSame([500, 'not acknowledged: not_stored'], [$response->getStatusCode(), (string) $response->getBody()]);
    }

    /** What the function prints and leaves open does not come to the site's own output. */
    public function testPsr15LeavesTheOutputAsItWas(): void
    {
        $factory = new Psr17Factory();
        ob_start();
        $level = ob_get_level();
        $print = static function (): void {
            echo '1';
            ob_start();
            echo '1';
        };
        $handler = new PsrPushHandler($this->endpoint($print), $factory, $factory);
        $response = $handler->handle(new ServerRequest('POST', '/push', [], Pushes::signed()));
        self::assertSame([200, $level], [$response->getStatusCode(), ob_get_level()]);
        self::assertSame('', ob_get_clean());
    }
}
