<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\IntegrityException;
use WoSignDoc\Exception\ProtocolException;
use WoSignDoc\Exception\UntrustedException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Push\PlatformError;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Pushes;

/** Receiving without a web server. */
final class PushReceiverTest extends TestCase
{
    /** Covers P-31: a whole body, its document in memory. */
    public function testAWholeBody(): void
    {
        $push = PushReceiver::receive(Pushes::signed('%PDF-文档'));
        self::assertFalse($push->failed());
        self::assertSame('%PDF-文档', $push->document());
        self::assertSame(Pushes::SIGNID, $push->signid);
        self::assertSame('A-1', $push->orderNumber);
        self::assertSame(hash('sha256', '%PDF-文档'), $push->sha256);
        self::assertSame(strlen('%PDF-文档'), $push->length);
        self::assertSame('sha256', $push->hashAlgorithm);
        self::assertSame('1', $push->acknowledgement);
        self::assertNull($push->path());
    }

    /** The same into a file, from a body, a stream and pieces. */
    public function testIntoAFile(): void
    {
        $folder = Folder::make();
        $document = random_bytes(300_000);
        $body = Pushes::signed($document);
        $stream = fopen('php://temp', 'r+b');
        self::assertIsResource($stream);
        fwrite($stream, $body);
        rewind($stream);
        $receiver = new PushReceiver("$folder/pieces.pdf");
        foreach (Pushes::pieces($body, 1000) as $piece) {
            $receiver->feed($piece);
            self::assertFileDoesNotExist("$folder/pieces.pdf");
        }
        $pushes = [
            'body' => PushReceiver::receive($body, "$folder/body.pdf"),
            'stream' => PushReceiver::receiveStream($stream, "$folder/stream.pdf"),
            'pieces' => $receiver->finish(),
        ];
        foreach ($pushes as $name => $push) {
            self::assertSame("$folder/$name.pdf", $push->path());
            self::assertTrue($push->document() === $document, $name);
        }
        self::assertCount(3, Folder::names($folder));
    }

    /** Covers P-30: what is not a good push leaves no file, not even a temporary one. */
    public function testABadPushLeavesNothing(): void
    {
        $folder = Folder::make();
        $good = Pushes::signed(str_repeat('x', 100_000));
        $bad = [
            [IntegrityException::class, 'hash_mismatch', Pushes::signed('x', hash: str_repeat('0', 64))],
            [IntegrityException::class, 'hash_unusable', Pushes::signed('x', hash: 'short')],
            [ProtocolException::class, 'push_cut', substr($good, 0, -5)],
            [ProtocolException::class, 'push_cut', substr($good, 0, 50_000)],
            [ProtocolException::class, 'push_cut', ''],
            [ProtocolException::class, 'push_not_protocol', '<html>'],
            [ProtocolException::class, 'content_not_base64', strtr($good, ['eHh4' => 'eH*4'])],
        ];
        foreach ($bad as [$class, $reason, $body]) {
            try {
                PushReceiver::receive($body, "$folder/a.pdf");
                self::fail("$reason passed");
            } catch (WoSignDocException $error) {
                self::assertSame([$class, $reason], [$error::class, $error->reason], $error->getMessage());
            }
            self::assertSame([], Folder::names($folder), $reason);
        }
        $receiver = new PushReceiver("$folder/a.pdf");
        $receiver->feed(substr($good, 0, 90_000));
        self::assertFileDoesNotExist("$folder/a.pdf");
        $receiver->abandon();
        self::assertSame([], Folder::names($folder));
        $receiver = new PushReceiver("$folder/a.pdf");
        $receiver->feed(substr($good, 0, 90_000));
        unset($receiver);
        self::assertSame([], Folder::names($folder));
    }

    /** Covers P-33: a push for another order than expected. */
    public function testAnUnexpectedOrder(): void
    {
        $options = new PushOptions(expectOrderNumber: 'A-1', expectSignid: Pushes::SIGNID);
        self::assertSame('A-1', PushReceiver::receive(Pushes::signed(), null, $options)->orderNumber);
        $this->expectException(UntrustedException::class);
        PushReceiver::receive(Pushes::signed(orderNumber: 'A-2'), null, $options);
    }

    /** A file that is there stays, and only the same document is good. */
    public function testAnExistingFileCanBeKept(): void
    {
        $file = Folder::make() . '/a.pdf';
        $keep = new PushOptions(overwrite: false);
        $first = PushReceiver::receive(Pushes::signed('one'), $file, $keep);
        self::assertSame([false, 'hex'], [$first->alreadyStored, $first->hashEncoding]);
        self::assertTrue(PushReceiver::receive(Pushes::signed('one'), $file, $keep)->alreadyStored);
        self::assertFalse(PushReceiver::receive(Pushes::signed('two'), $file)->alreadyStored);
        $this->expectException(FileException::class);
        PushReceiver::receive(Pushes::signed('three'), $file, $keep);
    }

    public function testLimits(): void
    {
        try {
            PushReceiver::receive(Pushes::signed(str_repeat('x', 1000)), null, new PushOptions(maxBody: 500));
            self::fail('a push over the limit passed');
        } catch (ProtocolException $error) {
            self::assertSame('push_too_large', $error->reason);
        }
    }

    /** Covers P-32: an order that failed. */
    public function testAFailedOrder(): void
    {
        $push = PushReceiver::receive(Pushes::failed('-50&-57'));
        self::assertTrue($push->failed());
        self::assertSame([-50, -57], $push->errorCodes);
        self::assertSame([-50, -57], array_map(static fn (PlatformError $error): int => $error->code, $push->errors));
        self::assertStringContainsString('licence', $push->errors[0]->message);
        self::assertMatchesRegularExpression('/\p{Han}/u', $push->errors[0]->messageZh . $push->errors[0]->adviceZh);
        $this->expectException(\LogicException::class);
        $push->document();
    }

    public function testASpentReceiver(): void
    {
        $receiver = new PushReceiver();
        $receiver->feed(Pushes::signed());
        $receiver->finish();
        $this->expectException(\LogicException::class);
        $receiver->feed('more');
    }

    public function testAFolderThatIsNotThere(): void
    {
        $this->expectException(FileException::class);
        PushReceiver::receive(Pushes::signed(), '/nowhere/a.pdf');
    }

    /** Covers P-30: a stored document is whole, and nothing else is left. */
    public function testSavingADocument(): void
    {
        $folder = Folder::make();
        $other = is_dir('/dev/shm') && is_writable('/dev/shm') ? '/dev/shm/' . basename($folder) : "$folder/other";
        mkdir($other);
        try {
            PushReceiver::receive(Pushes::signed('in memory'))->saveAs("$folder/memory.pdf");
            $push = PushReceiver::receive(Pushes::signed('in a file'), "$folder/spool.pdf");
            $push->saveAs("$folder/file.pdf");
            $push->saveAs("$other/elsewhere.pdf");
            self::assertSame('in a file', $push->document());
            self::assertSame("$other/elsewhere.pdf", $push->path());
            self::assertSame('in a file', file_get_contents("$folder/file.pdf"), 'the first copy stays');
            $names = array_values(array_diff(Folder::names($folder), ['other']));
            self::assertSame(['file.pdf', 'memory.pdf'], $names);
            self::assertSame(['elsewhere.pdf'], Folder::names($other));
            self::assertSame('in memory', file_get_contents("$folder/memory.pdf"));
            try {
                $push->saveAs('/nowhere/a.pdf');
                self::fail('saved to nowhere');
            } catch (FileException) {
                self::assertSame('in a file', $push->document());
            }
        } finally {
            Folder::remove($other);
        }
    }
}
