<?php

declare(strict_types=1);

namespace WoSignDoc\Testing\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Exception\PlatformException;
use WoSignDoc\Testing\OrderState;
use WoSignDoc\Testing\SandboxException;
use WoSignDoc\Testing\SandboxOptions;
use WoSignDoc\Testing\SandboxTimeoutException;
use WoSignDoc\Testing\Tests\Support\Processes;
use WoSignDoc\Testing\UsesWoSignDocSandbox;
use WoSignDoc\Testing\WoSignDocSandbox;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Process;

/** The sandbox's own calls. */
final class SandboxTest extends TestCase
{
    use UsesWoSignDocSandbox;

    protected function sandboxOptions(): SandboxOptions
    {
        return new SandboxOptions(faultsByNumber: true);
    }

    /** Everything that it is ready for is there, and it ends as often as it is told to. */
    public function testItEnds(): void
    {
        $sandbox = WoSignDocSandbox::start();
        $server = json_decode((string) file_get_contents(dirname($sandbox->ca) . '/server.json'), true)['pid'];
        foreach ([$sandbox->endpoint, $sandbox->control] as $url) {
            self::assertIsResource($this->connection($url));
        }
        self::assertFileExists($sandbox->configurationFile);
        self::assertTrue($sandbox->configuration->preflight()->ok(), (string) $sandbox->configuration->preflight());
        $sandbox->close();
        $sandbox->close();
        self::assertSame([false, true], [$sandbox->isRunning(), Processes::isGone($server)]);
        foreach ([$sandbox->endpoint, $sandbox->control] as $url) {
            self::assertFalse($this->connection($url));
        }
        self::assertDirectoryDoesNotExist(dirname($sandbox->ca));
        self::assertStringContainsString('stopped', $sandbox->log());
        $this->expectException(SandboxException::class);
        $this->expectExceptionMessage('it has ended');
        $sandbox->orders();
    }

    /** It ends with the last variable that holds it, and with a script that forgets it. */
    public function testItEndsWithItsUser(): void
    {
        $sandbox = WoSignDocSandbox::start();
        $folder = dirname($sandbox->ca);
        unset($sandbox);
        clearstatcache();
        self::assertDirectoryDoesNotExist($folder);
        $code = 'require $argv[1]; $sandbox = WoSignDoc\Testing\WoSignDocSandbox::start(); echo dirname($sandbox->ca); unknown();';
        [, $text] = Process::run([PHP_BINARY, '-d', 'display_errors=stderr', '-r', $code, __DIR__ . '/bootstrap.php']);
        self::assertStringContainsString('Call to undefined function unknown()', $text);
        self::assertSame(1, preg_match('~\S+/wosigndoc-sandbox-\w+~', $text, $found), $text);
        self::assertDirectoryDoesNotExist($found[0]);
    }

    /** A child that PHP forks uses its parent's sandbox, and does not end it. */
    public function testAFork(): void
    {
        $sandbox = $this->sandbox();
        $child = pcntl_fork();
        if ($child === 0) {
            $sandbox->close();
            // Without the ends of PHPUnit.
            posix_kill((int) getmypid(), SIGKILL);
        }
        pcntl_waitpid($child, $status);
        self::assertTrue($sandbox->isRunning());
        self::assertSame([], $sandbox->orders());
    }

    /** One that hangs is killed, and its folder goes all the same. */
    public function testOneThatHangs(): void
    {
        $sandbox = WoSignDocSandbox::start();
        $server = json_decode((string) file_get_contents(dirname($sandbox->ca) . '/server.json'), true)['pid'];
        posix_kill($server, SIGSTOP);
        $sandbox->close();
        clearstatcache();
        self::assertTrue(Processes::isGone($server));
        self::assertDirectoryDoesNotExist(dirname($sandbox->ca));
    }

    /** What is waited for in vain is told with where the order stands, in both languages. */
    public function testWaitingInVain(): void
    {
        $sandbox = $this->sandbox();
        $error = $this->late(static fn () => $sandbox->awaitState('W-1', OrderState::Signed, 0.0));
        self::assertStringStartsWith('W-1 is not signed in time: the platform has accepted no such order; its journal: nothing', $error->getMessage());
        $sandbox->answerPushes(503, 'the shop is closed');
        $sandbox->client()->create(Orders::good('W-1'));
        $sandbox->awaitState('W-1', OrderState::Pushed);
        $error = $this->late(static fn () => $sandbox->awaitState('W-1', OrderState::Undelivered, 0.01));
        self::assertMatchesRegularExpression('/^W-1 is not undelivered in time: signed \(signid \S+\), its push /', $error->getMessage());
        self::assertMatchesRegularExpression("/Z order W-1: 200\n.*Z push W-1, try 1: 503 the shop is closed/", $error->getMessage());
        self::assertMatchesRegularExpression("/^W-1 未能及时到达状态 undelivered：已签署.*Z 推送 W-1，第 1 次：503/s", $error->messageZh);
        self::assertStringContainsString($error->messageZh, $error->getMessage());
        self::assertSame('the shop is closed', $sandbox->inbox('W-1')[0]->answer);
        $error = $this->late(static fn () => $sandbox->awaitState('W-1', OrderState::Failed, 3600));
        self::assertStringContainsString('cannot become failed any longer', $error->getMessage());
        $error = $this->thrown(static fn () => $sandbox->awaitState('W-1', OrderState::Signed, 3601));
        self::assertStringContainsString('from 0 to 3600', $error->getMessage());
        self::assertNotInstanceOf(SandboxTimeoutException::class, $error);
        foreach ([['W-1', NAN], ["\xff", 0.0]] as [$number, $timeout]) {
            $error = $this->thrown(static fn () => $sandbox->awaitPush($number, $timeout));
            self::assertStringContainsString('text is UTF-8, and a number finite', $error->getMessage());
        }
    }

    /** Each push is returned once, byte for byte, and what goes elsewhere is not waited for. */
    public function testPushes(): void
    {
        $sandbox = $this->sandbox();
        $sandbox->client()->create(Orders::good('P-1'));
        $body = json_decode($sandbox->awaitBody('P-1'), true);
        self::assertSame(base64_encode($sandbox->document('P-1')), $body['extendData']['content']);
        $error = $this->late(static fn () => $sandbox->awaitPush('P-1', 0.0));
        self::assertStringContainsString('no push of P-1 that was not handed out', $error->getMessage());
        $sandbox->pushAgain($sandbox->order('P-1')->signid);
        self::assertSame('P-1', $sandbox->awaitPush('P-1')->orderNumber);
        self::assertCount(2, $sandbox->inbox());
        $sandbox->clearInbox();
        self::assertCount(0, $sandbox->inbox());
        $sandbox->callback('http://127.0.0.1:1/elsewhere');
        $error = $this->late(static fn () => $sandbox->awaitPush('P-1'));
        self::assertStringContainsString('pushed to another callback', $error->getMessage());
        $sandbox->reset();
        $sandbox->client()->create(Orders::good('P-1'));
        self::assertSame('P-1', $sandbox->awaitPush('P-1')->orderNumber);
        $kinds = array_map(static fn ($one) => $one->isPush, $sandbox->journal('P-1'));
        self::assertSame([false, true], $kinds, 'the oldest first');
    }

    /** The clock goes forward by spans of both kinds, to a time, and back. */
    public function testTheClock(): void
    {
        $sandbox = $this->sandbox();
        $hours = static fn (): int => intdiv($sandbox->now()->getTimestamp() - time() + 60, 3600);
        $sandbox->advance('72h');
        self::assertSame(72, $hours());
        $sandbox->advance(new \DateInterval('P1DT2H'));
        self::assertSame(98, $hours());
        $sandbox->setClock(new \DateTimeImmutable('+200 hours', new \DateTimeZone('Asia/Shanghai')));
        self::assertSame(200, $hours());
        $sandbox->resetClock();
        self::assertSame(0, $hours());
        $error = $this->thrown(static fn () => $sandbox->advance('a week'));
        self::assertStringContainsString('advance is a span such as 90s', $error->getMessage());
        self::assertStringContainsString('advance 应为时长', $error->messageZh);
    }

    /** Faults by name, number and times, and by an order's number. */
    public function testFaults(): void
    {
        $sandbox = $this->sandbox();
        $sandbox->fault('refuse=-68', 'Q-1', 0);
        $sandbox->client()->create(Orders::good('Q-2'));
        self::assertSame(-68, $this->refused($sandbox, 'Q-1'));
        self::assertSame(-68, $this->refused($sandbox, 'Q-1'));
        $sandbox->clearFaults();
        $sandbox->client()->create(Orders::good('Q-1'));
        self::assertSame(-50, $this->refused($sandbox, 'Q-3!refuse=-50'));
        $error = $this->thrown(static fn () => $sandbox->fault('lose-everything'));
        self::assertStringContainsString('refuse=CODE, fail=CODE, lose-answer', $error->getMessage());
        self::assertSame(['Q-1', 'Q-2'], array_map(static fn ($order) => $order->orderNumber, $sandbox->orders()));
        self::assertSame(['李明'], array_column(array_slice($sandbox->order('Q-1')->all['signers'], 1), 'name'));
        self::assertSame([false], array_unique(array_map(static fn ($one) => $one->isPush, $sandbox->journal('Q-3!refuse=-50'))));
    }

    /** What was asked for is named, with what to do. */
    public function testOneThatDoesNotStart(): void
    {
        $folder = Folder::make();
        $error = $this->thrown(static fn () => WoSignDocSandbox::start(new SandboxOptions("$folder/nothing")));
        self::assertStringContainsString("the option server names $folder/nothing", $error->getMessage());
        $error = $this->thrown(static fn () => WoSignDocSandbox::start(new SandboxOptions(arguments: ['--listen', 'nowhere'])));
        self::assertStringContainsString('the sandbox has not started', $error->getMessage());
        self::assertStringContainsString('nowhere', $error->getMessage(), 'the log of the program');
        file_put_contents("$folder/slow", "#!/bin/sh\nexec sleep 600\n");
        chmod("$folder/slow", 0700);
        $error = $this->thrown(static fn () => WoSignDocSandbox::start(new SandboxOptions("$folder/slow", startTimeout: 0.01)));
        self::assertStringContainsString('is not ready after 0.01 s', $error->getMessage());
    }

    /** Where the program is looked for: what is named, the package's folder, PATH. */
    public function testWhereTheProgramIs(): void
    {
        $find = static fn (string $path, ?string $named): string => Process::run([
            PHP_BINARY, '-r', 'require $argv[1]; $argv[2] === "" ? putenv("WOSIGNDOC_SERVER") : putenv("WOSIGNDOC_SERVER=$argv[2]");'
                . 'try { echo WoSignDoc\Testing\Server::find(null); } catch (Throwable $e) { echo $e->getMessage(); }',
            __DIR__ . '/bootstrap.php', (string) $named,
        ], ['PATH' => $path] + getenv())[1];
        $folder = Folder::make();
        foreach (['one', 'two'] as $name) {
            mkdir("$folder/$name");
            symlink((string) getenv('WOSIGNDOC_SERVER'), "$folder/$name/wosigndoc-server");
        }
        self::assertSame("$folder/one/wosigndoc-server", $find("$folder/one:$folder/two", null));
        self::assertSame("$folder/two/wosigndoc-server", $find("$folder/one", "$folder/two/wosigndoc-server"));
        self::assertStringContainsString("WOSIGNDOC_SERVER names $folder/three", $find("$folder/one", "$folder/three"));
        $nowhere = $find($folder, null);
        foreach (['Name it in WOSIGNDOC_SERVER', '找不到沙箱程序', dirname(__DIR__) . '/server/wosigndoc-server', $folder] as $words) {
            self::assertStringContainsString($words, $nowhere);
        }
    }

    /** @return resource|false */
    private function connection(string $url)
    {
        return @fsockopen('127.0.0.1', (int) parse_url($url, PHP_URL_PORT));
    }

    private function refused(WoSignDocSandbox $sandbox, string $number): int
    {
        try {
            $sandbox->client()->create(Orders::good($number));
        } catch (PlatformException $error) {
            return (int) $error->errorCode;
        }
        return 0;
    }

    private function late(\Closure $call): SandboxTimeoutException
    {
        $error = $this->thrown($call);
        self::assertInstanceOf(SandboxTimeoutException::class, $error);
        return $error;
    }

    private function thrown(\Closure $call): SandboxException
    {
        try {
            $call();
        } catch (SandboxException $error) {
            return $error;
        }
        self::fail('nothing was thrown');
    }
}
