<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Testing\TestPush;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\MemoryLogger;
use WoSignDoc\Tests\Support\Process;

/** The push that a site makes itself, for its own tests: to the endpoint it is a real one. */
final class TestPushTest extends TestCase
{
    /** @var list<mixed> */
    private array $seen = [];

    /** Covers P-30, P-32: stored once although it comes twice, failed, and not good. */
    public function testThroughAnEndpoint(): void
    {
        $folder = Folder::make();
        $endpoint = new PushEndpoint(function (ReceivedPush $push): void {
            $this->seen[] = [$push->orderNumber, $push->failed() ? $push->errorCodes : $push->document()];
        }, "$folder/spool", new FileDeliveryStore("$folder/deliveries"), new MemoryLogger());
        $push = TestPush::signed('HT-2026-合同', '%PDF-mine');
        foreach ([$push, $push, TestPush::failed('A-2', [-50, -57])] as $one) {
            $answer = $one->sendTo($endpoint);
            self::assertSame([200, '1'], [$answer->status, $answer->body]);
            self::assertTrue($answer->acknowledges());
        }
        self::assertSame([['HT-2026-合同', '%PDF-mine'], ['A-2', [-50, -57]]], $this->seen);
        $answer = TestPush::signed('A-3')->withWrongHash()->sendTo($endpoint);
        self::assertSame([400, 'not acknowledged: hash_mismatch'], [$answer->status, $answer->body]);
        self::assertCount(2, $this->seen);
    }

    /** The function alone: with the document in a file, as in an endpoint, and what it throws is thrown. */
    public function testThroughTheFunctionAlone(): void
    {
        $path = null;
        $text = TestPush::signed('A-1')->handTo(static function (ReceivedPush $push) use (&$path): string {
            self::assertFileExists($path = (string) $push->path());
            return $push->document();
        });
        self::assertFileDoesNotExist((string) $path);
        self::assertStringStartsWith('%PDF-', $text);
        self::assertTrue(TestPush::failed()->handTo(static fn (ReceivedPush $push): bool => $push->failed()));
        $this->expectExceptionMessage('the disk is full');
        TestPush::signed()->handTo(static fn () => throw new \RuntimeException('the disk is full'));
    }

    /** The page without anything is a PDF that readers open. */
    public function testTheDocumentIsAPdf(): void
    {
        $file = Folder::make() . '/a.pdf';
        file_put_contents($file, PushReceiver::receive(TestPush::signed()->body())->document());
        [$status, $text] = Process::run(['qpdf', '--check', $file]);
        self::assertSame(0, $status, $text);
        $same = static fn (string $number): ?string => PushReceiver::receive(TestPush::signed($number)->body())->signid;
        self::assertSame(['TEST-A', 'TEST-B'], [$same('A'), $same('B')]);
    }
}
