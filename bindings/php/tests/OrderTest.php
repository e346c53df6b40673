<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Exception\InvalidOrderException;
use WoSignDoc\Protocol;
use WoSignDoc\RawOrder;
use WoSignDoc\SignatureBox;
use WoSignDoc\Signer;
use WoSignDoc\SignOrder;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;

/** Typed orders, and where their bytes come from. */
final class OrderTest extends TestCase
{
    private const SETTINGS = '{"tokenid":"T-0001"}';

    /** Covers P-14: what is wrong with a page is told with the field, and no page is cut down to another. */
    public function testAPageThatIsNone(): void
    {
        $pages = [[99_999_999_999, 'so many pages'], [1.5, 'whole number'], ['1.5', 'whole number'], ['一', 'whole number'], [0, 'from 1']];
        foreach ($pages as [$page, $words]) {
            $box = new SignatureBox($page, 0.1, 0.2, 0.3, 0.4);
            $signer = Signer::person('李明', '1', DocumentSource::bytes('A'), DocumentSource::bytes('B'), [$box]);
            try {
                Protocol::validate(new SignOrder('A-1', [$signer], DocumentSource::bytes('%PDF'), 'pdf'));
                self::fail("page $page was taken");
            } catch (InvalidOrderException $error) {
                self::assertCount(1, $error->violations());
                self::assertSame('signerlist[0].signlist[0].pagenumber', $error->violations()[0]->field);
                self::assertStringContainsString($words, $error->violations()[0]->message);
            }
        }
        $box = new SignatureBox('2', 0.1, 0.2, 0.3, 0.4);
        $signer = Signer::person('李明', '1', DocumentSource::bytes('A'), DocumentSource::bytes('B'), [$box]);
        $order = new SignOrder('A-1', [$signer], DocumentSource::bytes('%PDF'), 'pdf');
        self::assertStringContainsString('"pagenumber":2,', Protocol::wire($order, self::SETTINGS));
    }

    /** Covers P-5, P-14: a typed order and the same in JSON go over the wire alike. */
    public function testTypedAndRawOrdersAreTheSame(): void
    {
        $typed = new SignOrder(
            orderNumber: 'A-1',
            document: DocumentSource::bytes('%PDF'),
            fileFormat: 'pdf',
            subject: '租赁合同',
            password: 'geheim',
            template: 'T',
            signers: [
                Signer::organisation(
                    '云杉软件',
                    '91350100M000100Y43',
                    DocumentSource::bytes('A'),
                    DocumentSource::bytes('B'),
                    [new SignatureBox(1, 0.1, 0.2, 0.3, 0.4), new SignatureBox(page: 2, left: 0, bottom: 0, right: 1, top: 1)],
                    DocumentSource::bytes('S'),
                ),
                Signer::person('李明', '1', DocumentSource::base64('QQ=='), DocumentSource::bytes('B'), country: 'HK'),
            ],
        );
        $box = static fn (int $page, string $position): array => ['pagenumber' => $page, 'position' => $position];
        $raw = new RawOrder(json_encode([
            'tempid' => 'T', 'subject' => '租赁合同', 'password' => 'geheim', 'filebase' => base64_encode('%PDF'),
            'fileformat' => 'pdf', 'orderNumber' => 'A-1', 'signerlist' => [
                ['signType' => 1, 'orgName' => '云杉软件', 'orgNo' => '91350100M000100Y43', 'stampbase' => 'Uw==',
                    'pic' => 'QQ==', 'otherpic' => 'Qg==', 'signlist' => [$box(1, '0.1,0.2,0.3,0.4'), $box(2, '0,0,1,1')]],
                ['signType' => 2, 'userName' => '李明', 'userNo' => '1', 'country' => 'HK', 'pic' => 'QQ==',
                    'otherpic' => 'Qg==', 'signlist' => []],
            ],
        ], JSON_THROW_ON_ERROR));
        self::assertSame(Protocol::wire($raw, self::SETTINGS), Protocol::wire($typed, self::SETTINGS));
        self::assertStringContainsString('"position":"0.1,0.2,0.3,0.4"', Protocol::wire($typed, self::SETTINGS));
    }

    /** Covers P-14: numbers do not depend on the host's locale or precision. */
    public function testPositionsKeepTheirPointInEveryLocale(): void
    {
        $precision = ini_set('serialize_precision', '17');
        $locale = setlocale(LC_ALL, '0');
        setlocale(LC_ALL, 'de_DE.UTF-8', 'de_DE', 'fr_FR.UTF-8');
        try {
            self::assertStringContainsString('"0.1,0.2,0.3,0.4"', Protocol::wire(Orders::good('A-1'), self::SETTINGS));
        } finally {
            setlocale(LC_ALL, (string) $locale);
            ini_set('serialize_precision', (string) $precision);
        }
    }

    /** A path, bytes, base64 and streams of every size bring the same bytes. */
    public function testSourcesBringTheSameBytes(): void
    {
        foreach ([0 => 10, 1 => 1024 * 1024, 2 => 3 * 1024 * 1024 + 1] as $length) {
            $bytes = random_bytes($length);
            $path = Folder::make() . '/contract.pdf';
            file_put_contents($path, $bytes);
            $stream = fopen($path, 'rb');
            self::assertIsResource($stream);
            $sources = [
                'path' => DocumentSource::path($path),
                'bytes' => DocumentSource::bytes($bytes),
                'base64' => DocumentSource::base64(base64_encode($bytes)),
                'stream' => DocumentSource::stream($stream),
            ];
            foreach ($sources as $name => $source) {
                $wire = Protocol::wire(Orders::good('A-1', $source), self::SETTINGS);
                $found = json_decode($wire, true, 16, JSON_THROW_ON_ERROR)['filebase'];
                self::assertTrue($found === base64_encode($bytes), "$name of $length bytes");
            }
        }
    }

    /** Nothing of a stream stays behind. */
    public function testALargeStreamIsSpooledAndTheFileGoes(): void
    {
        $stream = fopen('php://temp', 'r+b');
        self::assertIsResource($stream);
        fwrite($stream, str_repeat('x', 2 * 1024 * 1024));
        rewind($stream);
        $source = DocumentSource::stream($stream);
        $attachments = [];
        $located = $source->toArray($attachments);
        self::assertSame([], $attachments);
        self::assertIsArray($located);
        $path = (string) $located['path'];
        self::assertSame(2 * 1024 * 1024, filesize($path));
        self::assertSame(0600, fileperms($path) & 0777);
        unset($source);
        self::assertFileDoesNotExist($path);
    }

    /** @return iterable<string, array{int, bool}> bytes before it stalls, and whether reading waits for more */
    public function stalls(): iterable
    {
        foreach ([10, 3 * 1024 * 1024] as $length) {
            yield "$length bytes" => [$length, true];
            yield "$length bytes, not blocking" => [$length, false];
        }
    }

    /**
     * Half a contract is none: a stream that stalls is refused, and nothing of it stays behind.
     *
     * @dataProvider stalls
     */
    public function testAStreamThatStallsIsRefused(int $length, bool $blocking): void
    {
        [$sender, $stream] = (array) stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        stream_set_timeout($stream, 0, 300_000);
        stream_set_blocking($stream, $blocking);
        $files = sys_get_temp_dir() . '/wosigndoc??????';
        $before = glob($files);
        $child = pcntl_fork();
        if ($child === 0) {
            fclose($stream);
            fwrite($sender, str_repeat('x', $length));
            sleep(60);
            posix_kill((int) getmypid(), SIGKILL);
        }
        // The child's end stays open: it neither writes more nor closes.
        fclose($sender);
        $ready = [$stream];
        stream_select($ready, $none, $none, 10);
        try {
            DocumentSource::stream($stream);
            self::fail('a stalled stream was taken for a document');
        } catch (FileException $error) {
            self::assertSame('stream_unreadable', $error->reason);
        } finally {
            posix_kill($child, SIGKILL);
            pcntl_waitpid($child, $status);
        }
        self::assertSame($before, glob($files));
    }

    /** The suffix of a path is the format, unless another is given (P-12). */
    public function testTheFormatComesFromThePath(): void
    {
        $path = Folder::make() . '/Contract.PDF';
        file_put_contents($path, '%PDF');
        $order = new SignOrder('A-1', [Orders::person()], DocumentSource::path($path));
        self::assertStringContainsString('"fileformat":"pdf"', Protocol::wire($order, self::SETTINGS));
        try {
            Protocol::validate(new SignOrder('A-1', [Orders::person()], DocumentSource::bytes('%PDF')));
            self::fail('an order without a format passed');
        } catch (InvalidOrderException $error) {
            self::assertSame(-56, $error->errorCode);
        }
    }

    /** Covers P-18: all violations are on one exception, with code, field, both languages and advice. */
    public function testEveryViolationIsOnOneException(): void
    {
        try {
            Protocol::validate(new SignOrder('', [Signer::person('', '', DocumentSource::bytes('a'), DocumentSource::bytes('b'))]));
            self::fail('an order full of faults passed');
        } catch (InvalidOrderException $error) {
            $fields = array_map(static fn ($one): string => "{$one->field} {$one->code}", $error->violations());
            self::assertContains('orderNumber -55', $fields);
            self::assertContains('signerlist[0].userName -53', $fields);
            self::assertContains('signerlist[0].userNo -54', $fields);
            self::assertContains('filebase -79', $fields);
            self::assertSame(-55, $error->getCode());
            foreach ($error->violations() as $violation) {
                self::assertNotSame('', $violation->advice);
                self::assertMatchesRegularExpression('/\p{Han}/u', $violation->messageZh . $violation->adviceZh);
                self::assertStringContainsString($violation->field, $error->getMessage());
                self::assertStringContainsString($violation->field, $error->messageZh);
            }
        }
    }

    /** Covers P-10, P-17: oddities are warnings, and stop nothing. */
    public function testOdditiesAreWarnings(): void
    {
        $order = new SignOrder('A-1', [Orders::person('110105194912310021')], DocumentSource::bytes('%PDF'), 'pdf', str_repeat('长', 300));
        $words = array_map(static fn ($one): string => "{$one->warning} {$one->field}", Protocol::validate($order));
        sort($words);
        self::assertSame(['check_digit signerlist[0].userNo', 'subject_cut subject'], $words);
    }

    /** Text in GBK, which many sites hold, is named instead of being sent as rubbish. */
    public function testTextThatIsNotUtf8IsNamed(): void
    {
        $name = (string) iconv('UTF-8', 'GBK', '李明');
        try {
            Orders::good('A-1')->toRaw();
            (new SignOrder('A-1', [Orders::organisation(), Signer::person($name, '1')]))->toRaw();
            self::fail('GBK passed');
        } catch (InvalidCallException $error) {
            self::assertSame('not_utf8', $error->reason);
            self::assertStringContainsString('signerlist[1].userName', $error->getMessage());
            self::assertStringContainsString('signerlist[1].userName', $error->messageZh);
        }
    }

    /** A string is never a path: a web form cannot make the library read a file. */
    public function testAStringIsNeverAPath(): void
    {
        $this->expectException(InvalidOrderException::class);
        Protocol::validate(Orders::good('A-1', DocumentSource::base64('/etc/passwd!')));
    }

    /** Passwords, identity numbers and documents are not in dumps. */
    public function testDumpsShowNoSecret(): void
    {
        $order = new SignOrder('A-1', [Orders::person()], DocumentSource::bytes('%PDF-secret'), password: 'geheim');
        ob_start();
        var_dump($order, $order->toRaw());
        print_r($order);
        $dump = (string) ob_get_clean();
        self::assertStringContainsString('A-1', $dump);
        foreach (['geheim', '%PDF-secret', '11010519491231002X', '李明'] as $secret) {
            self::assertStringNotContainsString($secret, $dump);
        }
    }
}
