<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Exception\UntrustedException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\QuarantineOptions;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Testing\TestPush;
use WoSignDoc\Tests\Support\Endpoints;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Pushes;
use WoSignDoc\Tests\Support\Signed;
use WoSignDoc\Verification\SignerRules;
use WoSignDoc\Verification\Verifier;
use WoSignDoc\Verification\VerifyOptions;

/** An endpoint that takes only what signatures prove. */
final class EndpointVerificationTest extends TestCase
{
    use Endpoints;

    /** Covers P-33: a stranger's contract is refused and kept aside, and the right one is taken. */
    public function testAForgedContract(): void
    {
        $aside = Folder::make() . '/made/aside';
        $store = new FileDeliveryStore(Folder::make());
        $endpoint = $this->endpoint($this->keep(), $store, new PushOptions(verify: Signed::trust(), quarantine: $aside));
        self::assertDirectoryExists($aside);
        $endpoint->check();
        foreach (['stranger.pdf', 'altered.pdf', 'broken.pdf', 'unsigned.pdf', 'no-pdf.pdf', 'stranger.pdf'] as $forged) {
            $bytes = Signed::bytes($forged);
            $this->assertRefused(400, 'document_untrusted', $this->push($endpoint, Pushes::signed($bytes)));
            self::assertSame([], $this->stored);
            $kept = "$aside/" . hash('sha256', $bytes);
            self::assertStringEqualsFile("$kept.pdf", $bytes);
            self::assertSame([0600, 0600], [fileperms("$kept.pdf") & 0777, fileperms("$kept.json") & 0777]);
            $facts = json_decode((string) file_get_contents("$kept.json"), true);
            self::assertSame('A-1', $facts['ordernumber']);
            self::assertNotSame('valid', $facts['report']['verdict']);
            [$level, $message, $context] = end($this->log->lines);
            self::assertSame(['warning', 'WoSignDoc push refused: document_untrusted'], [$level, $message]);
            // What cannot be read has no facts.
            self::assertSame($forged === 'no-pdf.pdf' ? null : hash('sha256', $bytes), $context['sha256']);
            self::assertSame("$kept.pdf", $context['quarantine']);
            self::assertSame($facts['report']['verdict'], $context['verdict']);
            self::assertSame($facts['report']['reasons'][0]['code'], $context['codes'][0]);
        }
        self::assertCount(10, Folder::names($aside));
        $answer = $this->push($endpoint, Pushes::signed(Signed::bytes('valid.pdf')));
        self::assertSame([200, '1'], [$answer->status, $answer->body]);
        self::assertSame([Signed::bytes('valid.pdf')], $this->contents);
        self::assertTrue($this->stored[0]->report()?->isValid());
        self::assertSame([], Folder::names($this->folder));
        self::assertStringNotContainsString('云杉', json_encode($this->log->lines, JSON_UNESCAPED_UNICODE | JSON_PARTIAL_OUTPUT_ON_ERROR));
    }

    /** Without trust, and for an order that failed, there is no report. */
    public function testWithoutAReport(): void
    {
        $verified = $this->endpoint($this->keep(), options: new PushOptions(verify: Signed::trust()));
        self::assertSame(200, $this->push($verified, Pushes::failed())->status);
        self::assertSame(200, $this->push($this->endpoint($this->keep()), Pushes::signed(Signed::bytes('stranger.pdf')))->status);
        self::assertSame([null, null], [$this->stored[0]->report(), $this->stored[1]->report()]);
    }

    /** What PHP's own log says names nobody. */
    public function testThePlainLog(): void
    {
        $log = Folder::make() . '/log';
        $package = dirname(__DIR__);
        $script = <<<PHP
            require '$package/tests/bootstrap.php';
            \$options = new WoSignDoc\Push\PushOptions(
                verify: WoSignDoc\Tests\Support\Signed::trust(new WoSignDoc\Verification\SignerRules(['李明'])),
            );
            \$endpoint = new WoSignDoc\Endpoint\PushEndpoint(fn () => null, '$this->folder', options: \$options);
            echo WoSignDoc\Testing\TestPush::signed('A-1', WoSignDoc\Tests\Support\Signed::bytes('valid.pdf'))->sendTo(\$endpoint)->body;
            PHP;
        [$code, $text] = Process::run([PHP_BINARY, '-d', "error_log=$log", '-r', $script]);
        self::assertSame([0, 'not acknowledged: document_untrusted'], [$code, $text]);
        $said = (string) file_get_contents($log);
        self::assertStringContainsString('"codes":["signer_missing"', $said);
        self::assertStringContainsString('"verdict":"invalid"', $said);
        foreach (['李明', '云杉', 'Example Root'] as $name) {
            self::assertStringNotContainsString($name, $said);
        }
    }

    /** A full folder, and one that is gone, change no verdict. */
    public function testAFullQuarantine(): void
    {
        $aside = Folder::make();
        $options = new PushOptions(verify: Signed::trust(), quarantine: new QuarantineOptions($aside, maxFiles: 1));
        $refused = static function (string $name) use ($options): UntrustedException {
            try {
                PushReceiver::receive(Pushes::signed(Signed::bytes($name)), null, $options);
            } catch (UntrustedException $error) {
                return $error;
            }
            self::fail("$name was taken");
        };
        self::assertSame("$aside/" . hash('sha256', Signed::bytes('stranger.pdf')) . '.pdf', $refused('stranger.pdf')->quarantinePath());
        $full = $refused('broken.pdf');
        self::assertSame([null, 'quarantine.max_files'], [$full->quarantinePath(), $full->quarantineError()?->field]);
        $endpoint = $this->endpoint($this->keep(), options: $options);
        $this->assertRefused(400, 'document_untrusted', $this->push($endpoint, Pushes::signed(Signed::bytes('altered.pdf'))));
        self::assertStringContainsString('the folder holds 1 documents already', end($this->log->lines)[2]['quarantine']);
        Folder::remove($aside);
        file_put_contents($aside, '');
        self::assertSame('file_unwritable', $refused('broken.pdf')->quarantineError()?->reason);
        unlink($aside);
    }

    /** A root that cannot be read, and a folder that cannot be made, are said before the first push. */
    public function testWhatIsWrongIsSaidAtOnce(): void
    {
        $root = Folder::make() . '/root.pem';
        copy(Signed::path('root.pem'), $root);
        $good = $this->endpoint($this->keep(), options: new PushOptions(verify: new VerifyOptions($root)));
        unlink($root);
        $folder = new PushOptions(verify: Signed::trust(), quarantine: Signed::path('root.pem') . '/aside');
        $unverified = new PushOptions(quarantine: Folder::make());
        foreach ([
            'verify.roots.ca_file' => $good->check(...),
            ' verify.roots.ca_file' => fn () => $this->endpoint($this->keep(), options: new PushOptions(verify: new VerifyOptions($root))),
            'quarantine.folder' => fn () => $this->endpoint($this->keep(), options: $folder),
            'quarantine' => fn () => $this->endpoint($this->keep(), options: $unverified),
            'verify.roots' => fn () => $this->endpoint($this->keep(), options: new PushOptions(verify: new VerifyOptions())),
        ] as $field => $call) {
            try {
                $call();
                self::fail($field);
            } catch (WoSignDocException $error) {
                self::assertSame(trim($field), $error->field);
            }
        }
        // And a push is not lost: it is not acknowledged.
        $this->assertRefused(500, 'roots_unreadable', $this->push($good, Pushes::signed(Signed::bytes('valid.pdf'))));
    }

    /** A site's function verifies once more, with those to whom it was sent, and throws. */
    public function testAFunctionThatVerifiesWithTheOrder(): void
    {
        $store = fn (array $names) => static function (ReceivedPush $push) use ($names): void {
            $report = $push->verify(Signed::trust()->withSigners(new SignerRules($names)));
            if (!$report->isValid()) {
                throw new \RuntimeException('not what was ordered: ' . implode(', ', $report->codes()));
            }
        };
        $options = new PushOptions(verify: Signed::trust());
        $push = Pushes::signed(Signed::bytes('valid.pdf'));
        $this->assertRefused(500, 'not_stored', $this->push($this->endpoint($store(['李明']), options: $options), $push));
        self::assertStringContainsString('signer_missing', (string) end($this->log->lines)[2]['exception']->getMessage());
        self::assertSame(200, $this->push($this->endpoint($store(['云杉软件（示例）有限公司']), options: $options), $push)->status);
    }

    /** A site whose endpoint verifies tests it with a contract that somebody has signed. */
    public function testTestPushes(): void
    {
        $options = new PushOptions(verify: Signed::trust());
        $endpoint = $this->endpoint($this->keep(), options: $options);
        $this->assertRefused(400, 'document_untrusted', TestPush::signed('A-1')->sendTo($endpoint));
        $push = TestPush::signed('A-1', Signed::bytes('valid.pdf'));
        self::assertTrue($push->sendTo($endpoint)->acknowledges());
        $valid = static fn (ReceivedPush $push): ?bool => $push->report()?->isValid();
        self::assertSame([null, true], [$push->handTo($valid), $push->handTo($valid, $options)]);
        $this->expectException(UntrustedException::class);
        TestPush::signed('A-1')->handTo($valid, $options);
    }

    /** What a push brought is verified wherever it is; a failed order brought nothing. */
    public function testAPushIsVerified(): void
    {
        $body = Pushes::signed(Signed::bytes('valid.pdf'));
        $verifier = new Verifier(Signed::trust());
        foreach ([null, Folder::make() . '/a.pdf'] as $path) {
            $push = PushReceiver::receive($body, $path);
            self::assertTrue($verifier->verify($push)->isValid());
            self::assertTrue($push->verify(Signed::trust())->isValid());
            self::assertSame('CN=Example Root', $verifier->trustOf($push)->trust[0]->subject);
        }
        $this->expectException(\LogicException::class);
        $verifier->verify(PushReceiver::receive(Pushes::failed()));
    }

    /** To verify without trusting anybody is not the same as not to verify: the core refuses it. */
    public function testTrustingNobodyReachesTheCore(): void
    {
        self::assertSame([], (new PushOptions())->toArray());
        self::assertEquals(['verify' => new \stdClass()], (new PushOptions(verify: new VerifyOptions()))->toArray());
    }
}
