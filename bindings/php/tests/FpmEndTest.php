<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\FpmSite;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Pushes;

/** In real php-fpm: scripts that end before their time, and hosts that are set up unlike others. */
final class FpmEndTest extends TestCase
{
    /** Covers P-30: a handler of PSR-15 is no way around: what the function prints does not go out, and 500 stays 500. */
    public function testPsr15(): void
    {
        foreach (['0', '4096'] as $buffering) {
            $site = new FpmSite(['ffi.enable' => 'true', 'output_buffering' => $buffering], workers: 1);
            foreach (['exit', 'print', 'memory'] as $what) {
                self::assertSame([500, ''], $site->ask("psr.php?do=$what", Pushes::signed()), $what);
            }
            foreach (['nothing', 'leaveOpen'] as $what) {
                self::assertSame([200, '1'], $site->ask("psr.php?do=$what", Pushes::signed()), $site->log());
            }
            self::assertSame(405, $site->ask('psr.php')[0]);
            $site->stop();
        }
    }

    /** Covers P-30: a shutdown function that ends all buffers comes to its end, and prints no acknowledgement. */
    public function testShutdownFunctionsThatEndAllBuffers(): void
    {
        $site = new FpmSite(['ffi.enable' => 'true', 'output_buffering' => '4096'], workers: 1);
        foreach (['clean', 'flush', 'page'] as $shutdown) {
            foreach (['store', 'exit', 'memory', 'throw', 'time', 'cleanAll'] as $what) {
                @unlink("$site->folder/rounds");
                $answer = $site->ask("push.php?shutdown=$shutdown&do=$what", Pushes::signed());
                self::assertSame($what === 'store' ? 200 : 500, $answer[0], "$shutdown $what" . $site->log());
                self::assertTrue(($answer[1] === '1') === ($what === 'store'), "$shutdown $what: $answer[1]");
                Process::await(static fn (): bool => is_file("$site->folder/rounds"), "$shutdown $what: it did not end");
                self::assertLessThan(10, (int) file_get_contents("$site->folder/rounds"), "$shutdown $what");
            }
            self::assertSame([400, 'not acknowledged: push_cut'], $site->ask("push.php?shutdown=$shutdown", '{'));
            foreach (['nothing' => 200, 'exit' => 500] as $what => $status) {
                self::assertSame($status, $site->ask("psr.php?do=$what&shutdown=$shutdown", Pushes::signed())[0]);
            }
        }
        self::assertLessThan(100_000, strlen($site->log()), 'the log grows');
        $site->stop();
    }

    /** Covers P-30: however the function ends the script, its file and its claim go, and the log says so. */
    public function testNothingStaysBehind(): void
    {
        $site = new FpmSite(['ffi.enable' => 'true'], workers: 1);
        foreach (['files', 'sqlite'] as $store) {
            foreach (['exit', 'memory', 'fill', 'time', 'trigger'] as $what) {
                $body = Pushes::signed("$store $what", "E-$store-$what");
                self::assertSame(500, $site->ask("push.php?store=$store&do=$what", $body)[0], $what);
                self::assertSame([], Folder::names("$site->folder/spool"), $what);
                self::assertMatchesRegularExpression("/the function ended the script; .*E-$store-$what/", $site->log());
                self::assertSame([200, '1'], $site->ask("push.php?store=$store", $body), $what . $site->log());
            }
        }
        $site->stop();
    }

    /** Covers P-30: a worker that is killed keeps its push away only until its claim expires, and then leaves nothing. */
    public function testAWorkerThatIsKilled(): void
    {
        $site = new FpmSite(['ffi.enable' => 'true'], workers: 2);
        $push = 'push.php?store=files&expire=2';
        $body = Pushes::signed('killed', 'K-1');
        self::assertSame(502, $site->ask("$push&do=kill", $body)[0], $site->log());
        self::assertSame([503, 'not acknowledged: busy'], $site->ask($push, $body), $site->log());
        sleep(4);
        self::assertSame([200, '1'], $site->ask($push, $body), $site->log());
        self::assertSame('killed', file_get_contents("$site->folder/signed/K-1.pdf"));
        self::assertSame([], Folder::names("$site->folder/spool"), 'what the killed worker left');
        // Without a lock, as of an older version, it goes by its age.
        $left = "$site->folder/spool/push-" . str_repeat('a', 24) . '.pdf';
        foreach ([time() => 1, time() - 2 * 3600 => 0] as $time => $stays) {
            touch($left, $time);
            self::assertSame([200, '1'], $site->ask($push, Pushes::signed("next $stays", 'K-2')), $site->log());
            self::assertCount($stays, Folder::names("$site->folder/spool"));
        }
        $site->stop();
    }

    /** Covers P-30: folders stay where they were when the script goes elsewhere. */
    public function testAScriptThatChangesItsFolder(): void
    {
        $site = new FpmSite(['ffi.enable' => 'true'], workers: 1);
        self::assertSame([200, '1'], $site->ask('push.php?store=relative&do=move', Pushes::signed()), $site->log());
        self::assertSame([500, ''], $site->ask('push.php?store=relative&do=exit', Pushes::signed('b')), $site->log());
        self::assertSame([], Folder::names("$site->folder/spool"));
        self::assertSame([200, '1'], $site->ask('push.php?store=relative', Pushes::signed('b')), $site->log());
        $site->stop();
    }

    /** A fatal error leaves nothing of the native library's in the worker. */
    public function testAWorkerHoldsNothingAfterAFatalError(): void
    {
        $site = new FpmSite(['ffi.enable' => 'true'], workers: 1);
        $held = static fn (): array => json_decode($site->ask('native.php')[1], true);
        foreach (['receiver', 'document'] as $what) {
            self::assertSame(500, $site->ask("native.php?do=$what")[0], $site->log());
            $before = $held();
            for ($time = 0; $time < 5; $time++) {
                self::assertSame(500, $site->ask("native.php?do=$what")[0]);
            }
            $after = $held();
            self::assertSame($before['files'], $after['files'], $what);
            self::assertLessThan($before['kib'] + 20 * 1024, $after['kib'], $what);
            self::assertSame([], Folder::names("$site->folder/spool"));
        }
        $site->stop();
    }

    /** A site's error handler goes on as it was: where it may be called, and for which errors. */
    public function testTheSitesErrorHandler(): void
    {
        $site = new FpmSite(['ffi.enable' => 'true'], workers: 1);
        foreach (['private', 'warnings'] as $handler) {
            $answer = $site->ask("push.php?handler=$handler&do=warn", Pushes::signed());
            self::assertSame([500, 'not acknowledged: not_stored'], $answer, $handler);
        }
        $answer = $site->ask('push.php?handler=warnings&do=deprecated', Pushes::signed());
        self::assertSame([200, '1'], $answer, $site->log());
        $site->stop();
    }

    /** Functions that shared hosts switch off are not missed. */
    public function testFunctionsThatAreSwitchedOff(): void
    {
        $off = 'ini_set,getmypid,ignore_user_abort,fsync,link,php_uname,register_shutdown_function';
        $site = new FpmSite(['ffi.enable' => 'true', 'disable_functions' => $off], workers: 1);
        self::assertSame([200, '1'], $site->ask('push.php?store=files', Pushes::signed('whole')), $site->log());
        self::assertSame('whole', file_get_contents("$site->folder/signed/A-1.pdf"));
        $bad = Pushes::signed(hash: str_repeat('0', 64));
        self::assertSame([400, 'not acknowledged: hash_mismatch'], $site->ask('push.php', $bad), $site->log());
        $site->stop();
    }

    public function testNoLimitOfTheBody(): void
    {
        foreach (['0', '-1'] as $unlimited) {
            $site = new FpmSite(['ffi.enable' => 'true', 'post_max_size' => $unlimited], workers: 1);
            self::assertSame([200, '1'], $site->ask('push.php', Pushes::signed()), $site->log());
            $site->stop();
        }
    }
}
