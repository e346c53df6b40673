<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7\ServerRequest;
use PHPUnit\Framework\TestCase;
use WoSignDoc\Delivery\DeliveryStore;
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Delivery\PdoDeliveryStore;
use WoSignDoc\Endpoint\Answer;
use WoSignDoc\Endpoint\PsrPushHandler;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Exception\FileException;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\MemoryLogger;
use WoSignDoc\Tests\Support\Pushes;
use WoSignDoc\Tests\Support\TimedStore;

/** The endpoint that cannot acknowledge wrongly. Covers P-30, P-32, P-35. */
final class EndpointTest extends TestCase
{
    private string $folder;
    private MemoryLogger $log;
    /** @var list<ReceivedPush> */
    private array $stored = [];
    /** @var list<mixed> what they held: the document's bytes, or the codes of a failure */
    private array $contents = [];

    protected function setUp(): void
    {
        $this->folder = Folder::make();
        $this->log = new MemoryLogger();
    }

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

    /** @return iterable<string, array{\Closure(string): DeliveryStore}> */
    public function stores(): iterable
    {
        yield 'files' => [static fn (string $folder): DeliveryStore => new FileDeliveryStore($folder)];
        yield 'PDO' => [static function (string $folder): DeliveryStore {
            $store = new PdoDeliveryStore(new \PDO("sqlite:$folder/store.db"));
            $store->createTable();
            return $store;
        }];
    }

    /**
     * Covers P-30: pushed twice, called once, acknowledged twice; another document of the same order, and
     * its failure, are other deliveries.
     *
     * @dataProvider stores
     *
     * @param \Closure(string): DeliveryStore $open
     */
    public function testPushedTwiceCalledOnce(\Closure $open): void
    {
        $endpoint = $this->endpoint($this->keep(), $open(Folder::make()));
        $bodies = [Pushes::signed('one'), Pushes::signed('one'), Pushes::signed('two'), Pushes::failed('-50'), Pushes::failed('-50')];
        foreach ([...$bodies, ...$bodies] as $body) {
            $answer = $this->push($endpoint, $body);
            self::assertSame([200, '1'], [$answer->status, $answer->body]);
        }
        self::assertSame(['one', 'two', [-50]], $this->contents);
    }

    /** Covers P-32: failures that name no order are all alike, so each of them reaches the function. */
    public function testFailuresThatNameNoOrderAreNeverTakenForOneAnother(): void
    {
        $endpoint = $this->endpoint($this->keep(), new FileDeliveryStore(Folder::make()));
        foreach ([[], ['signid' => '', 'ordernumber' => '']] as $ids) {
            for ($time = 0; $time < 2; $time++) {
                $answer = $this->push($endpoint, Pushes::failed('-50', ids: $ids));
                self::assertSame([200, '1'], [$answer->status, $answer->body]);
            }
        }
        self::assertSame([[-50], [-50], [-50], [-50]], $this->contents);
        $this->push($endpoint, Pushes::failed('-50', ids: ['ordernumber' => 'A-1']));
        $this->push($endpoint, Pushes::failed('-50', ids: ['ordernumber' => 'A-1']));
        self::assertCount(5, $this->contents, 'one id is enough');
    }

    /** Covers P-32: reasons that are no codes are told apart as well as those that are. */
    public function testReasonsThatAreNoCodesAreToldApart(): void
    {
        $endpoint = $this->endpoint($this->keep(), new FileDeliveryStore(Folder::make()));
        foreach (['E17', 'E18', 'E17'] as $reason) {
            self::assertSame('1', $this->push($endpoint, Pushes::failed($reason))->body);
        }
        self::assertCount(2, $this->contents);
    }

    /** A delivery that another request is processing is not acknowledged. */
    public function testADeliveryInProgressElsewhere(): void
    {
        $store = new FileDeliveryStore(Folder::make());
        $inner = null;
        $endpoint = $this->endpoint(function () use (&$inner, $store): void {
            $inner = $this->push($this->endpoint($this->keep(), $store), Pushes::signed());
        }, $store);
        self::assertSame(200, $this->push($endpoint, Pushes::signed())->status);
        self::assertInstanceOf(Answer::class, $inner);
        $this->assertRefused(503, 'busy', $inner);
        self::assertSame([], $this->stored);
    }

    /** Covers P-30: a function that takes long keeps its claim when it says so; the log tells of one that lost it. */
    public function testAFunctionRenewsItsClaim(): void
    {
        foreach (TimedStore::all() as $name => $open) {
            $timed = $open(null);
            $other = fn (): Answer => $this->push($this->endpoint($this->keep(), $timed->store), Pushes::signed());
            $function = function (ReceivedPush $push) use ($timed, $other): void {
                $timed->pass(890);
                self::assertTrue($push->renewClaim());
                $timed->pass(890);
                $this->assertRefused(503, 'busy', $other());
                unserialize(serialize($push));
                $timed->pass(20);
                self::assertSame(200, $other()->status);
                self::assertFalse($push->renewClaim());
            };
            $answer = $this->push($this->endpoint($function, $timed->store), Pushes::signed());
            self::assertSame([200, '1'], [$answer->status, $answer->body], $name . $this->log->text());
            self::assertStringContainsString('it may have run twice', $this->log->text());
            $this->log->lines = [];
        }
        $push = null;
        $this->push($this->endpoint(static function (ReceivedPush $it) use (&$push): void {
            $push = $it;
        }), Pushes::signed());
        self::assertTrue($push?->renewClaim(), 'without a store there is no claim to lose');
    }

    public function testAFolderThatCannotBeWritten(): void
    {
        foreach ([
            static fn () => new PushEndpoint(static fn () => null, '/dev/null/nowhere'),
            static fn () => new FileDeliveryStore('/dev/null/nowhere'),
        ] as $open) {
            try {
                $open();
                self::fail('a folder that cannot be made was taken');
            } catch (FileException $error) {
                self::assertSame(['file_unwritable', 'folder'], [$error->reason, $error->field]);
                self::assertStringContainsString('/dev/null/nowhere', $error->getMessage());
            }
        }
    }

    /** Covers P-30: folders that are missing are made, for this user alone, and a readiness check says what is wrong. */
    public function testFoldersThatAreMissing(): void
    {
        $spool = Folder::make() . '/a/b';
        $store = Folder::make() . '/c/d';
        $before = umask(0);
        $endpoint = new PushEndpoint($this->keep(), $spool, new FileDeliveryStore($store), $this->log);
        umask($before);
        foreach ([$spool, dirname($spool), $store, dirname($store)] as $folder) {
            self::assertSame(0700, fileperms($folder) & 0777, $folder);
        }
        $endpoint->check();
        self::assertSame([], Folder::names($spool));
        self::assertSame(200, $this->push($endpoint, Pushes::signed())->status);
        Folder::remove($spool);
        touch($spool);
        $this->assertRefused(500, 'file_unwritable', $this->push($endpoint, Pushes::signed('b')));
        $this->expectException(FileException::class);
        $this->expectExceptionMessage($spool);
        $endpoint->check();
    }

    public function testTheReadinessCheckAsksTheStore(): void
    {
        $this->expectException(\PDOException::class);
        $this->endpoint($this->keep(), new PdoDeliveryStore(new \PDO('sqlite::memory:')))->check();
    }

    /** Received documents are nobody else's to read, whoever made the folder; stored ones are as every new file. */
    public function testOnlyThisUserReadsWhatIsReceived(): void
    {
        chmod($this->folder, 0777);
        $target = Folder::make() . '/signed.pdf';
        $before = umask(0022);
        $modes = [];
        $answer = $this->push($this->endpoint(function (ReceivedPush $push) use ($target, &$modes): void {
            foreach (Folder::names($this->folder) as $name) {
                $modes[] = fileperms("$this->folder/$name") & 0777;
            }
            $push->saveAs($target);
        }), Pushes::signed());
        umask($before);
        self::assertSame(200, $answer->status, $this->log->text());
        self::assertSame([0600, 0600], $modes);
        self::assertSame(0644, fileperms($target) & 0777);
    }

    /** Covers P-30: the endpoint's document is in a file, and its bytes are had all the same, as for a database. */
    public function testTheBytesAreThereWhereverTheDocumentIs(): void
    {
        $pdo = new \PDO('sqlite:' . Folder::make() . '/site.db', null, null, [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION]);
        $pdo->exec('CREATE TABLE document (number TEXT, content BLOB)');
        $kept = null;
        $function = static function (ReceivedPush $push) use ($pdo, &$kept): void {
            self::assertNotNull($push->path());
            foreach (['document', 'stream'] as $way) {
                $insert = $pdo->prepare('INSERT INTO document VALUES (?, ?)');
                $insert->bindValue(1, $way);
                $insert->bindValue(2, $push->$way(), \PDO::PARAM_LOB);
                $insert->execute();
            }
            $kept = $push;
        };
        self::assertSame(200, $this->push($this->endpoint($function), Pushes::signed('%PDF-whole'))->status);
        $rows = $pdo->query('SELECT number, content FROM document')->fetchAll(\PDO::FETCH_KEY_PAIR);
        self::assertSame(['document' => '%PDF-whole', 'stream' => '%PDF-whole'], $rows);
        foreach (['document', 'stream'] as $way) {
            try {
                $kept->$way();
                self::fail('a document that is gone was given');
            } catch (FileException $error) {
                self::assertSame('document_gone', $error->reason);
                self::assertStringContainsString('in the function', $error->advice);
            }
        }
        $memory = \WoSignDoc\Push\PushReceiver::receive(Pushes::signed('%PDF-memory'));
        self::assertSame('%PDF-memory', $memory->document());
        self::assertSame('%PDF-memory', stream_get_contents($memory->stream()));
        // Cut by somebody else: not the document.
        $file = Folder::make() . '/a.pdf';
        $cut = \WoSignDoc\Push\PushReceiver::receive(Pushes::signed('%PDF-memory'), $file);
        file_put_contents($file, '%PDF');
        $this->expectException(FileException::class);
        $cut->document();
    }

    /** Covers P-30: a claim is renewed when the function uses the push after a while, and no sooner. */
    public function testTheClaimIsRenewedOnTheWay(): void
    {
        foreach (TimedStore::all() as $name => $open) {
            $timed = $open(null);
            $function = function (ReceivedPush $push) use ($timed): void {
                $push->document();
                $timed->pass(890);
                // The push's own clock, which a test cannot wait for.
                $renewed = new \ReflectionProperty($push, 'renewed');
                $renewed->getValue()[$push] -= 890;
                $push->document();
                $timed->pass(20);
                $this->assertRefused(503, 'busy', $this->push($this->endpoint($this->keep(), $timed->store), Pushes::signed()));
            };
            self::assertSame(200, $this->push($this->endpoint($function, $timed->store), Pushes::signed())->status, $name);
        }
        self::assertSame([], $this->stored);
        self::assertStringNotContainsString('twice', $this->log->text());
    }

    /** A process that was killed leaves its documents: the next push takes them away, but not those of others. */
    public function testWhatAKilledProcessLeft(): void
    {
        $killed = pcntl_fork();
        if ($killed === 0) {
            $this->push($this->endpoint(static fn () => posix_kill((int) getmypid(), SIGKILL)), Pushes::signed('killed'));
        }
        pcntl_waitpid($killed, $status);
        self::assertTrue(pcntl_wifsignaled($status));
        self::assertCount(1, (array) glob("$this->folder/*.pdf"));
        // As of a process that was killed while the core still wrote.
        $lock = basename(glob("$this->folder/*.lock")[0], '.lock');
        touch("$this->folder/.$lock.pdfAbCdEf.part");
        touch("$this->folder/push-of-the-site.pdf");
        $endpoint = $this->endpoint(function (): void {
            self::assertCount(2, (array) glob("$this->folder/push-*.pdf"));
            $inner = $this->endpoint(function (): void {
                self::assertCount(3, (array) glob("$this->folder/push-*.pdf"), 'the outer one is at work');
            });
            self::assertSame(200, $this->push($inner, Pushes::signed('inner'))->status);
        });
        self::assertSame(200, $this->push($endpoint, Pushes::signed('next'))->status, $this->log->text());
        self::assertSame(['push-of-the-site.pdf'], Folder::names($this->folder));
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

    /** Covers P-30: a function that leaves its transaction open has stored nothing; the next push may try at once. */
    public function testATransactionThatIsNotCommitted(): void
    {
        $pdo = new \PDO('sqlite:' . Folder::make() . '/site.db');
        $pdo->exec('CREATE TABLE document (number TEXT)');
        $store = new PdoDeliveryStore($pdo);
        $store->createTable();
        foreach ([false, true] as $commits) {
            $function = static function (ReceivedPush $push) use ($pdo, $commits): void {
                $pdo->beginTransaction();
                $pdo->prepare('INSERT INTO document VALUES (?)')->execute([$push->orderNumber]);
                $commits && $pdo->commit();
            };
            $answer = $this->push($this->endpoint($function, $store), Pushes::signed());
            self::assertSame($commits ? 200 : 500, $answer->status);
            $stored = $pdo->query('SELECT COUNT(*) FROM document')->fetchColumn();
            self::assertSame((int) $commits, (int) $stored);
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

    /** @return \Closure(ReceivedPush): void */
    private function keep(): \Closure
    {
        return function (ReceivedPush $push): void {
            $this->stored[] = $push;
            $this->contents[] = $push->failed() ? $push->errorCodes : $push->document();
        };
    }

    private function endpoint(callable $function, ?DeliveryStore $store = null, ?PushOptions $options = null): PushEndpoint
    {
        return new PushEndpoint($function, $this->folder, $store, $this->log, $options);
    }

    private function push(PushEndpoint $endpoint, string $body): Answer
    {
        return $endpoint->answer('POST', Pushes::pieces($body));
    }

    private function assertRefused(int $status, string $word, Answer $answer): void
    {
        self::assertSame([$status, "not acknowledged: $word"], [$answer->status, $answer->body]);
        self::assertFalse($answer->acknowledges());
    }
}
