<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Delivery\Claim;
use WoSignDoc\Delivery\DeliveryStore;
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Delivery\PdoDeliveryStore;
use WoSignDoc\Endpoint\Answer;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Tests\Support\Endpoints;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Pushes;
use WoSignDoc\Tests\Support\TimedStore;

/** The endpoint and its delivery store: a push that comes again. Covers P-30, P-32. */
final class EndpointClaimsTest extends TestCase
{
    use Endpoints;

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

    /** Covers P-30: what a process that died has left is told when its claim is taken over: the function may have run. */
    public function testAClaimOfADeadProcessIsTakenOverWithAWarning(): void
    {
        foreach (TimedStore::all() as $name => $open) {
            $timed = $open(null);
            $key = PushReceiver::receive(Pushes::signed())->deliveryKey;
            self::assertSame(Claim::Granted, $timed->store->claim((string) $key, 'dead'), $name);
            $timed->pass(910);
            $endpoint = $this->endpoint($this->keep(), $timed->store);
            $this->log->lines = [];
            self::assertSame('1', $this->push($endpoint, Pushes::signed())->body);
            self::assertStringContainsString('may run a second time for this push', $this->log->text(), $name);
            $this->log->lines = [];
            self::assertSame('1', $this->push($endpoint, Pushes::signed())->body);
            self::assertStringNotContainsString('second time', $this->log->text(), $name);
        }
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
}
