<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\FpmSite;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Pushes;

/** Real php-fpm behind real nginx, in both modes of ffi.enable, with opcache on. */
final class FpmTest extends TestCase
{
    /** @return iterable<string, array{array<string, string>}> */
    public function modes(): iterable
    {
        yield 'ffi.enable=true' => [['ffi.enable' => 'true']];
        yield 'ffi.enable=preload' => [self::preloading()];
    }

    /** @return array<string, string> */
    private static function preloading(): array
    {
        $user = posix_geteuid() === 0 ? ['opcache.preload_user' => 'root'] : [];
        return ['ffi.enable' => 'preload', 'opcache.preload' => dirname(__DIR__) . '/preload.php'] + $user;
    }

    /**
     * Covers P-30: nothing that a site's function does but returning is an acknowledgement.
     *
     * @dataProvider modes
     *
     * @param array<string, string> $ini
     */
    public function testNothingButReturningAcknowledges(array $ini): void
    {
        $site = new FpmSite($ini, workers: 2);
        $body = Pushes::signed(str_repeat('signed', 1000), 'A-1');
        self::assertSame([200, '1'], $site->ask('push.php', $body), $site->log());
        self::assertSame(str_repeat('signed', 1000), file_get_contents("$site->folder/signed/A-1.pdf"));
        $failing = ['throw', 'exit', 'flush', 'clean', 'cleanAll', 'statusLine', 'finish', 'memory', 'type', 'time'];
        foreach ($failing as $what) {
            [$status, $text] = $site->ask("push.php?do=$what", $body);
            self::assertSame(500, $status, "$what: $text");
            self::assertNotSame('1', trim($text), $what);
        }
        self::assertStringContainsString('the push was not stored', $site->log());
        self::assertStringContainsString('the disk is full', $site->log());
        foreach (['cleanAndStore', 'cleanAllAndStore', 'leaveOpen'] as $what) {
            self::assertSame([200, '1'], $site->ask("push.php?do=$what", $body), $what . $site->log());
        }
        self::assertSame(405, $site->ask('push.php')[0]);
        self::assertSame([400, 'not acknowledged: hash_mismatch'], $site->ask('push.php', Pushes::signed('x', hash: str_repeat('0', 64))));
        $site->stop();
    }

    /** Covers P-30: with what the site's file printed on its way already, nothing counts, and the log says why. */
    public function testOutputBeforeTheAnswerIsNoAcknowledgement(): void
    {
        $site = new FpmSite(['ffi.enable' => 'true', 'output_buffering' => '0'], workers: 1);
        foreach (['store', 'exit', 'throw'] as $what) {
            self::assertNotSame('1', $site->ask("push.php?do=$what", Pushes::signed())[1]);
        }
        self::assertMatchesRegularExpression('~output was sent before the answer, at \S+/push\.php:\d+~', $site->log());
        $site->stop();
    }

    /**
     * Covers P-30: pushed by eight at once, each document reaches the function once.
     *
     * @dataProvider modes
     *
     * @param array<string, string> $ini
     */
    public function testPushedByManyAtOnceCalledOnce(array $ini): void
    {
        $site = new FpmSite($ini);
        foreach (['files', 'sqlite'] as $store) {
            @unlink("$site->folder/calls");
            $requests = [];
            for ($at = 0; $at < 64; $at++) {
                $requests[] = [$site->url("push.php?store=$store"), Pushes::signed('document ' . $at % 8, 'A-' . $at % 8)];
            }
            $waiting = $requests;
            for ($round = 0; $waiting !== [] && $round < 200; $round++) {
                $again = [];
                foreach (FpmSite::together($waiting, 8) as $at => $answer) {
                    if ($answer === [503, 'not acknowledged: busy']) {
                        $again[] = $waiting[$at];
                    } else {
                        self::assertSame([200, '1'], $answer, $site->log());
                    }
                }
                $waiting = $again;
            }
            self::assertSame([], $waiting);
            self::assertCount(8, (array) file("$site->folder/calls"), $store);
        }
        $site->stop();
    }

    /** A body of 60 MB takes PHP no more memory than one of 1 MB. */
    public function testALargeBodyInConstantMemory(): void
    {
        $site = new FpmSite(['ffi.enable' => 'true', 'memory_limit' => '32M'], workers: 1);
        $peaks = [];
        foreach ([1, 45] as $megabytes) {
            $document = str_repeat(random_bytes(1024), 1024 * $megabytes);
            self::assertSame([200, '1'], $site->ask('push.php?memory=1', Pushes::signed($document, "A-$megabytes")), $site->log());
            self::assertSame(hash('sha256', $document), hash_file('sha256', "$site->folder/signed/A-$megabytes.pdf"));
            $peaks[] = (int) file_get_contents("$site->folder/peak");
        }
        self::assertLessThanOrEqual($peaks[0] + 2 * 1024 * 1024, $peaks[1]);
        $site->stop();
    }

    /** PHP throws a body above post_max_size away: the log says what to raise. */
    public function testPostMaxSize(): void
    {
        $site = new FpmSite(['ffi.enable' => 'true', 'post_max_size' => '100K'], workers: 1);
        $body = Pushes::signed(str_repeat('x', 200_000));
        self::assertSame([413, 'not acknowledged: push_too_large'], $site->ask('push.php', $body));
        self::assertStringContainsString('post_max_size', $site->log());
        $site->stop();
        $site = new FpmSite(['ffi.enable' => 'true', 'post_max_size' => '100K', 'enable_post_data_reading' => '0'], workers: 1);
        self::assertSame([200, '1'], $site->ask('push.php', $body), $site->log());
        $site->stop();
    }

    /** php-fpm as it comes, without the preload file: the message says what to do. */
    public function testWithoutPreloadingItSaysHow(): void
    {
        $site = new FpmSite(['ffi.enable' => 'preload'], ['WSD_CLIENT' => '/nowhere/client.json'], 1);
        [$status, $text] = $site->ask('send.php?number=1');
        self::assertSame(500, $status);
        self::assertStringContainsString('opcache.preload=', json_decode($text, true)['text'] ?? $text);
        self::assertSame(500, $site->ask('push.php', Pushes::signed())[0]);
        $site->stop();
    }

    /**
     * A worker's connection to the platform outlives the request that made it, and another configuration has
     * another one.
     *
     * @dataProvider modes
     *
     * @param array<string, string> $ini
     */
    public function testTheConnectionOutlivesTheRequest(array $ini): void
    {
        // An endpoint that gives the number of its connection as signid, once it has read the order.
        $files = Platform::shared()->folder;
        $port = Process::freePort();
        $folder = Folder::make();
        $endpoint = <<<CONF
            server {
                listen 127.0.0.1:$port ssl;
                ssl_certificate $files/server.pem;
                ssl_certificate_key $files/server.key;
                ssl_client_certificate $files/ca.pem;
                ssl_verify_client on;
                location / {
                    proxy_pass http://unix:$folder/answers.sock;
                    proxy_pass_request_body off;
                    proxy_set_header Content-Length "";
                    proxy_set_header Connection-Number \$connection;
                }
            }
            server {
                listen unix:$folder/answers.sock;
                location / {
                    return 200 '{"status":1,"errorcode":0,"signid":"\$http_connection_number"}';
                }
            }
            CONF;
        $settings = Platform::shared()->settings(['endpoint' => "https://127.0.0.1:$port/"]);
        file_put_contents("$folder/client.json", json_encode($settings));
        $site = new FpmSite($ini, ['WSD_CLIENT' => "$folder/client.json"], 1, null, $endpoint);
        $send = static function () use ($site): string {
            [$status, $text] = $site->ask('send.php?number=1');
            self::assertSame(200, $status, $text . $site->log());
            return json_decode($text, true)['signid'];
        };
        $first = $send();
        self::assertGreaterThan(0, (int) $first);
        self::assertSame([$first, $first, $first], [$send(), $send(), $send()]);
        file_put_contents("$folder/client.json", json_encode($settings + ['user_agent' => 'another/1.0']));
        self::assertNotSame($first, $send());
        $site->stop();
    }

    /**
     * Eight workers send and receive at once through the real platform, and nothing is mixed up.
     *
     * @dataProvider modes
     *
     * @param array<string, string> $ini
     */
    public function testEightWorkersSendAndReceiveAtOnce(array $ini): void
    {
        // The platform needs the site's address, and the site the platform's client.json.
        $link = Folder::make() . '/client.json';
        $site = new FpmSite($ini, ['WSD_CLIENT' => $link]);
        $platform = new Platform($site->url('push.php?store=sqlite'));
        symlink($platform->clientJson(), $link);
        $requests = [];
        for ($at = 0; $at < 40; $at++) {
            $requests[] = [$site->url("send.php?number=S-$at"), null];
            $requests[] = [$site->url('push.php?store=files'), Pushes::signed("document $at " . random_bytes(300_000), "P-$at")];
        }
        $pids = [];
        foreach (FpmSite::together($requests, 8) as $at => [$status, $text]) {
            self::assertSame(200, $status, $text . $site->log());
            if ($at % 2 === 0) {
                $said = json_decode($text, true);
                self::assertSame('S-' . $at / 2, $said['orderNumber']);
                self::assertTrue($said['opcache']);
                $pids[$said['pid']] = true;
            } else {
                self::assertSame('1', $text);
            }
        }
        self::assertGreaterThanOrEqual(4, count($pids), 'too few workers took part');
        for ($at = 0; $at < 40; $at++) {
            $own = "$site->folder/signed/P-$at.pdf";
            self::assertStringStartsWith("document $at ", (string) file_get_contents($own));
            $file = "$site->folder/signed/S-$at.pdf";
            Process::await(static fn (): bool => file_exists($file), "$file: " . $site->log());
            $signed = (string) file_get_contents($file);
            self::assertStringContainsString("% number S-$at .", $signed);
            self::assertStringContainsString('/ByteRange', $signed);
        }
        // The last document is there a moment before its request is over.
        $spool = static fn (): array => Folder::names("$site->folder/spool");
        Process::await(static fn (): bool => $spool() === [], 'the spool: ' . implode(', ', $spool()));
        $platform->process->stop();
        $site->stop();
    }
}
