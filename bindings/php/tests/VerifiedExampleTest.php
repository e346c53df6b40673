<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\DocumentSource;
use WoSignDoc\Signer;
use WoSignDoc\SignOrder;
use WoSignDoc\Testing\TestPush;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Signed;
use WoSignDoc\Verification\SignerRules;
use WoSignDoc\Verification\Verifier;
use WoSignDoc\Verification\VerifyOptions;

/** The examples that verify, with contracts that the real platform has signed. */
final class VerifiedExampleTest extends TestCase
{
    private string $folder;
    private string $url;
    private Process $server;
    private Platform $platform;
    private string $roots;

    protected function setUp(): void
    {
        $this->folder = Folder::make();
        $port = Process::freePort();
        $this->url = "http://127.0.0.1:$port/";
        $this->platform = new Platform($this->url);
        $this->roots = $this->platform->settings()['roots']['ca_file'];
        $this->server = new Process(
            [PHP_BINARY, '-d', 'ffi.enable=true', '-d', 'error_log=', '-S', "127.0.0.1:$port", Orders::root() . '/examples/php/push_verified.php'],
            "$this->folder/log",
            ['PUSH_FOLDER' => $this->folder, 'PUSH_ROOTS' => $this->roots] + getenv(),
        );
        Process::awaitPort($port, "$this->folder/log");
    }

    protected function tearDown(): void
    {
        $this->server->stop();
        $this->platform->process->stop();
    }

    /** Covers P-33: what the platform signed is valid by its CA and the order, and is taken; a forgery is not. */
    public function testTheWholeStory(): void
    {
        $order = Orders::good('验证-1');
        $this->send($order->orderNumber, Orders::root() . '/examples/contract.pdf', 4);
        Process::await(fn (): bool => glob("$this->folder/*.pdf") !== [], "the document; log: $this->folder/log");
        [$file] = (array) glob("$this->folder/*.pdf");
        $this->judge((string) $file, $order);
        $this->runVerify((string) $file);

        $bytes = (string) file_get_contents((string) $file);
        self::assertSame('1', $this->push(TestPush::signed($order->orderNumber, $bytes)));
        self::assertSame(0700, fileperms("$this->folder/orders") & 0777);
        // Another contract of the same people: the earlier one does not pass for it, and it is taken itself.
        $this->send('A-2', Signed::path('unsigned.pdf'), 1);
        Process::await(fn (): bool => count((array) glob("$this->folder/*.pdf")) === 2, "the second; log: $this->folder/log");
        $this->assertNotStored(TestPush::signed('A-2', $bytes), 'differs_from_sent');
        $forged = Signed::bytes('stranger.pdf');
        self::assertSame('not acknowledged: document_untrusted', $this->push(TestPush::signed($order->orderNumber, $forged)));
        self::assertFileExists("$this->folder/quarantine/" . hash('sha256', $forged) . '.pdf');
        // Really signed, but not by those to whom another order was sent; and for no order at all.
        $kept = "$this->folder/orders/" . hash('sha256', 'A-3');
        copy(Orders::root() . '/examples/contract.pdf', "$kept.pdf");
        file_put_contents("$kept.json", (new SignOrder('A-3', [Signer::person('王芳', '1')]))->signersAsJson());
        $this->assertNotStored(TestPush::signed('A-3', $bytes), 'signer_missing');
        $this->assertNotStored(TestPush::signed('A-4', $bytes), 'there is no such order');
        self::assertSame('1', $this->push(TestPush::failed($order->orderNumber)));
        self::assertCount(2, (array) glob("$this->folder/*.pdf"));
        foreach (['王芳', '李明', '云杉'] as $name) {
            self::assertStringNotContainsString($name, (string) file_get_contents("$this->folder/log"));
        }
    }

    private function judge(string $file, SignOrder $order): void
    {
        $document = DocumentSource::path($file);
        $sent = DocumentSource::path(Orders::root() . '/examples/contract.pdf');
        $trust = new VerifyOptions(rootFiles: $this->roots);
        $report = (new Verifier($trust->withOrder($order)->withSent($sent)))->verify($document);
        self::assertTrue($report->isValid(), $report->json());
        self::assertSame([true, true], [$report->signers?->complete, $report->sent?->same]);
        self::assertCount(2, (array) $report->signers?->required);
        $untrusted = (new Verifier((new VerifyOptions())->withOrder($order)))->verify($document);
        self::assertFalse($untrusted->isValid());
        self::assertContains('untrusted', $untrusted->codes());
        $other = DocumentSource::path(Signed::path('unsigned.pdf'));
        self::assertContains('differs_from_sent', (new Verifier($trust->withSent($other)))->verify($document)->codes());
        $missing = (new Verifier($trust->withSigners(new SignerRules(['王芳']))))->verify($document);
        self::assertContains('signer_missing', $missing->codes());
        $found = (new Verifier())->trustOf($document);
        self::assertTrue((new Verifier(new VerifyOptions(trust: $found->trust)))->verify($document)->isValid());
    }

    /** The verdict is the exit status. */
    private function runVerify(string $file): void
    {
        foreach ([
            [0, "valid: intact\n", [$file, $this->roots]],
            [1, "invalid: intact\n  invalid: untrusted: ", [$file]],
            [2, "indeterminate: unreadable\n", [Signed::path('no-pdf.pdf'), $this->roots]],
            [3, 'path: ', ["$this->folder/none.pdf", $this->roots]],
            [3, 'usage: ', []],
        ] as [$status, $says, $arguments]) {
            [$code, $text] = Process::run([PHP_BINARY, Orders::root() . '/examples/php/verify.php', ...$arguments]);
            self::assertSame($status, $code, $text);
            self::assertStringStartsWith($says, $text);
        }
    }

    /** Sends as the site does, by the other half of the example. */
    private function send(string $orderNumber, string $contract, int $page): void
    {
        $example = Orders::root() . '/examples/php/send_verified.php';
        $arguments = [$this->platform->clientJson(), $contract, $orderNumber, (string) $page];
        [$code, $text] = Process::run([PHP_BINARY, $example, ...$arguments], ['PUSH_FOLDER' => $this->folder] + getenv());
        self::assertSame(0, $code, $text);
        self::assertStringStartsWith('accepted: ', $text);
    }

    private function assertNotStored(TestPush $push, string $said): void
    {
        self::assertStringNotContainsString($said, (string) file_get_contents("$this->folder/log"));
        self::assertSame('not acknowledged: not_stored', $this->push($push));
        self::assertStringContainsString($said, (string) file_get_contents("$this->folder/log"));
    }

    private function push(TestPush $push): string
    {
        return (string) @file_get_contents($this->url, false, stream_context_create([
            'http' => ['method' => 'POST', 'content' => $push->body(), 'ignore_errors' => true, 'header' => 'Content-Type: application/json'],
        ]));
    }
}
