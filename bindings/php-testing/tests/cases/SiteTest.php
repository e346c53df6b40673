<?php

declare(strict_types=1);

namespace WoSignDoc\Testing\Tests\cases;

use PHPUnit\Framework\TestCase;
use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\PlatformException;
use WoSignDoc\Exception\UntrustedException;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Testing\OrderState;
use WoSignDoc\Testing\SandboxOptions;
use WoSignDoc\Testing\Tests\Support\Processes;
use WoSignDoc\Testing\Tests\Support\Site;
use WoSignDoc\Testing\UsesWoSignDocSandbox;
use WoSignDoc\Testing\WoSignDocSandbox;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Signed;
use WoSignDoc\Verification\Verifier;
use WoSignDoc\Verification\VerifyOptions;

/** What tests of a site do, each with a sandbox of its own. ParallelTest runs them all at once. */
final class SiteTest extends TestCase
{
    use UsesWoSignDocSandbox;

    protected function sandboxPerTest(): bool
    {
        return true;
    }

    public function testSignedPushedAndVerified(): void
    {
        $sandbox = $this->sandbox();
        $order = Orders::good('S-1');
        $result = $sandbox->client()->create($order);
        $push = $sandbox->awaitPush('S-1');
        self::assertSame([$result->signid, 'S-1', false], [$push->signid, $push->orderNumber, $push->failed()]);
        $sent = DocumentSource::path(Orders::root() . '/examples/contract.pdf');
        $report = $push->verify($sandbox->trust()->withOrder($order)->withSent($sent));
        self::assertTrue($report->isValid(), implode(', ', $report->codes()));
        $others = (new Verifier(new VerifyOptions(rootFiles: Signed::path('root.pem'))))->verify($push);
        self::assertFalse($others->isValid(), 'a root that did not issue them vouches for nobody');
        self::assertSame($push->document(), $sandbox->document('S-1'));
        self::assertSame($push->sha256, $sandbox->awaitState('S-1', OrderState::Acknowledged)->sha256);
    }

    public function testARefusedOrder(): void
    {
        $sandbox = $this->sandbox();
        $sandbox->refuse(-68);
        try {
            $sandbox->client()->create(Orders::good('R-1'));
            self::fail('the order was taken');
        } catch (PlatformException $error) {
            self::assertSame(-68, $error->errorCode);
        }
        self::assertSame([], $sandbox->orders());
        // That was one order: the next is taken.
        self::assertNotNull($sandbox->client()->create(Orders::good('R-2'))->signid);
    }

    public function testAFailedOrder(): void
    {
        $sandbox = $this->sandbox();
        $sandbox->fail(-50);
        $sandbox->client()->create(Orders::good('F-1'));
        self::assertSame(-50, $sandbox->awaitState('F-1', OrderState::Failed)->errorCode);
        $push = $sandbox->awaitPush('F-1');
        self::assertSame([true, [-50]], [$push->failed(), $push->errorCodes]);
    }

    public function testAPushIsParkedAfterDays(): void
    {
        $sandbox = $this->sandbox();
        // A port that is taken, and where nobody listens.
        $down = stream_socket_server('tcp://127.0.0.1:0', flags: STREAM_SERVER_BIND);
        $sandbox->callback('http://' . stream_socket_get_name($down, false) . '/push');
        $sandbox->client()->create(Orders::good('D-1'));
        $sandbox->awaitState('D-1', OrderState::Pushed);
        $began = $sandbox->now();
        $sandbox->advance('80h');
        $parked = $sandbox->awaitState('D-1', OrderState::Undelivered);
        self::assertGreaterThanOrEqual(48, $parked->pushTries);
        self::assertNull($parked->nextPush);
        self::assertGreaterThanOrEqual(80 * 3600, $sandbox->now()->getTimestamp() - $began->getTimestamp());
        $sandbox->callback(null);
        $sandbox->pushAgain('D-1');
        $push = $sandbox->awaitPush('D-1');
        self::assertTrue($push->verify($sandbox->trust())->isValid(), 'it was signed before, and is judged by the sandbox\'s time');
    }

    public function testALostAnswer(): void
    {
        $sandbox = $this->sandbox();
        $sandbox->fault('lose-answer', 'L-1');
        $result = $sandbox->client()->create(Orders::good('L-1'));
        self::assertSame([true, 2], [$result->acceptedBefore, $result->attempts]);
        self::assertCount(1, $sandbox->orders());
        self::assertSame($sandbox->order('L-1')->signid, $sandbox->awaitPush('L-1')->signid);
    }

    public function testAWrongHash(): void
    {
        $sandbox = $this->sandbox();
        $sandbox->fault('wrong-hash', 'H-1');
        $sandbox->client()->create(Orders::good('H-1'));
        $sandbox->advance('1h');
        $push = $sandbox->awaitPush('H-1');
        self::assertTrue($push->verify($sandbox->trust())->isValid());
        [$refused, $taken] = $sandbox->inbox();
        self::assertSame([400, 200], [$refused->status, $taken->status]);
        self::assertStringContainsString('hash', (string) $refused->error);
        self::assertNull($refused->orderNumber);
        self::assertSame(2, $sandbox->awaitState('H-1', OrderState::Acknowledged)->pushTries);
    }

    public function testAnAlteredDocument(): void
    {
        $sandbox = $this->sandbox();
        $sandbox->fault('altered-document', 'A-1');
        $sandbox->client()->create(Orders::good('A-1'));
        $push = $sandbox->awaitPush('A-1');
        self::assertFalse($push->verify($sandbox->trust())->isValid());
        // As an endpoint that verifies takes it.
        $this->expectException(UntrustedException::class);
        $sandbox->inbox('A-1')[0]->receive(new PushOptions(verify: $sandbox->trust()));
    }

    public function testTwoSandboxesAtOnce(): void
    {
        [$one, $other] = [$this->sandbox(), WoSignDocSandbox::start()];
        foreach (['endpoint', 'tokenid', 'ca', 'control', 'configurationFile'] as $name) {
            self::assertNotSame($one->$name, $other->$name, $name);
        }
        $other->refuse(-68);
        $one->client()->create(Orders::good('T-1'));
        $push = $one->awaitPush('T-1');
        self::assertSame([[], []], [$other->orders(), $other->inbox()]);
        self::assertTrue($push->verify($one->trust())->isValid());
        self::assertFalse($push->verify($other->trust())->isValid());
        $other->advance('72h');
        self::assertGreaterThan($one->now()->modify('+71 hours'), $other->now());
        $other->close();
        self::assertTrue($one->isRunning());
    }

    public function testAKilledTestLeavesNothing(): void
    {
        $site = new Site();
        $code = 'require $argv[1]; $sandbox = WoSignDoc\Testing\WoSignDocSandbox::start();'
            . 'echo $sandbox->configurationFile, "\n"; sleep(600);';
        $child = new Process([PHP_BINARY, '-r', $code, __DIR__ . '/../bootstrap.php'], "$site->folder/log");
        $folder = dirname(trim((string) fgets($child->stdout)));
        $server = json_decode((string) file_get_contents("$folder/server.json"), true)['pid'];
        self::assertTrue(posix_kill($server, 0));
        posix_kill($child->id(), SIGKILL);
        Process::await(static fn (): bool => Processes::isGone($server), "process $server to be gone");
        clearstatcache();
        self::assertDirectoryDoesNotExist($folder);
    }

    public function testTheSitesOwnCallback(): void
    {
        $site = new Site();
        $sandbox = WoSignDocSandbox::start(new SandboxOptions(callback: $site->serve('push.php')));
        $sandbox->client()->create(Orders::good('C-1'));
        $order = $sandbox->awaitState('C-1', OrderState::Acknowledged);
        self::assertSame($sandbox->document('C-1'), file_get_contents("$site->folder/$order->sha256.pdf"));
        self::assertSame([], Folder::names("$site->folder/incoming"));
        self::assertNotSame([], Folder::names("$site->folder/deliveries"));
        self::assertSame([], $sandbox->inbox());
    }
}
