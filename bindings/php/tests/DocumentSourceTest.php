<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Configuration;
use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Exception\InvalidOrderException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Protocol;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\RawOrder;
use WoSignDoc\SignatureBox;
use WoSignDoc\SignOrder;
use WoSignDoc\Signer;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\FpmSite;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Pushes;

/** Where a document comes from: names and texts of any encoding, streams in any state, uploads. */
final class DocumentSourceTest extends TestCase
{
    /** A file is found by the very name that it has on the disk, on a site in GBK too. */
    public function testAFileNameInGbk(): void
    {
        $path = Folder::make() . '/' . iconv('UTF-8', 'GBK', '软件服务合同') . '.pdf';
        foreach (['%PDF-small', '%PDF' . str_repeat('x', 100_000)] as $document) {
            file_put_contents($path, $document);
            $source = DocumentSource::path($path);
            self::assertSame('pdf', $source->suffix());
            self::assertSame($document, $this->sent($source));
            self::assertStringContainsString('\\\\xBA', (string) json_encode($source));
        }
        unlink($path);
        $error = $this->thrown(FileException::class, fn () => $this->sent(DocumentSource::path($path)));
        self::assertSame('file_unreadable', $error->reason);
        self::assertStringContainsString('\xBA\xCF', $error->getMessage());
    }

    /** Where only the core can open a file, it says what to do on the disk: converting the name would lose the file. */
    public function testOtherFileNamesInGbk(): void
    {
        $name = Folder::make() . '/' . iconv('UTF-8', 'GBK', '合同');
        $calls = [
            'file' => static fn () => Configuration::fromFile("$name.json"),
            'path' => static fn () => PushReceiver::receive(Pushes::signed(), "$name.pdf"),
            'folder' => static fn () => new \WoSignDoc\Endpoint\PushEndpoint(static fn () => null, $name),
            'identity.key_file' => static fn () => Configuration::fromArray(['identity' => ['key_file' => "$name.key"]]),
        ];
        foreach ($calls as $field => $call) {
            $error = $this->thrown(InvalidCallException::class, $call);
            self::assertSame(['not_utf8', $field], [$error->reason, $error->field]);
            self::assertStringContainsString('rename', $error->advice);
            self::assertStringNotContainsString('iconv', $error->advice . $error->adviceZh);
        }
        $push = PushReceiver::receive(Pushes::signed('%PDF-kept'));
        $push->saveAs("$name.pdf");
        self::assertSame('%PDF-kept', file_get_contents("$name.pdf"));
        $push->saveAs("$name.2.pdf");
        self::assertSame('%PDF-kept', $push->document());
    }

    /** Text in GBK names the function that converts it, wherever it stands. */
    public function testTextInGbkNamesTheFunctionThatConverts(): void
    {
        $text = (string) iconv('UTF-8', 'GBK', '合同');
        $calls = [
            'subject' => static fn () => (new SignOrder('A', [], subject: $text))->toRaw(),
            'order' => static fn () => Protocol::validate(new RawOrder("{\"subject\":\"$text\"}")),
            'expect.ordernumber' => static fn () => PushReceiver::receive('', null, new \WoSignDoc\Push\PushOptions($text)),
            'configuration' => static fn () => Configuration::fromJson($text),
            'x.key' => static fn () => Configuration::fromArray(['x' => [$text => 1]]),
        ];
        foreach ($calls as $field => $call) {
            $error = $this->thrown(InvalidCallException::class, $call);
            self::assertSame(['not_utf8', $field], [$error->reason, $error->field]);
            foreach ([$error->advice, $error->adviceZh] as $advice) {
                self::assertStringContainsString("mb_convert_encoding(\$text, 'UTF-8', 'GBK')", $advice);
                self::assertStringContainsString("iconv('GBK', 'UTF-8', \$text)", $advice);
            }
        }
    }

    /** A number that is none is refused like every other that is wrong, and has a field. */
    public function testNumbersThatAreNone(): void
    {
        $box = static fn (float $left): Signer => Signer::person('李明', '1', boxes: [new SignatureBox(1, $left, 0.1, 0.5, 0.5)]);
        foreach ([NAN, INF, -INF] as $number) {
            $order = new SignOrder('A', [Orders::organisation(), $box($number)]);
            $error = $this->thrown(InvalidOrderException::class, static fn () => Protocol::validate($order));
            $wrong = array_map(static fn ($one): string => "$one->code $one->field", $error->violations());
            self::assertContains('-79 signerlist[1].signlist[0].position', $wrong);
        }
        foreach (['timeouts.connect_ms' => ['timeouts' => ['connect_ms' => fopen('php://memory', 'r')]], 'a.b' => ['a' => ['b' => -INF]]] as $field => $settings) {
            $error = $this->thrown(InvalidCallException::class, static fn () => Configuration::fromArray($settings));
            self::assertSame($field, $error->field);
        }
    }

    /** A stream that is closed, or read already, is not one without bytes. */
    public function testStreamsInAnyState(): void
    {
        $closed = fopen('php://memory', 'w+');
        fclose($closed);
        $calls = [
            static fn () => DocumentSource::stream($closed),
            static fn () => PushReceiver::receiveStream($closed, Folder::make() . '/a.pdf'),
        ];
        foreach ($calls as $call) {
            $error = $this->thrown(InvalidCallException::class, $call);
            self::assertSame('not_a_stream', $error->reason);
            self::assertStringContainsString('closed already', $error->getMessage());
            self::assertStringContainsString('已经关闭', $error->messageZh);
        }
        $read = fopen('php://memory', 'w+');
        fwrite($read, '%PDF');
        $calls = [
            static fn () => DocumentSource::stream($read),
            static fn () => PushReceiver::receiveStream($read, Folder::make() . '/a.pdf'),
        ];
        foreach ($calls as $call) {
            self::assertSame('stream_at_end', $this->thrown(FileException::class, $call)->reason);
        }
        $unreadable = fopen(Folder::make() . '/b', 'wb');
        $error = $this->thrown(FileException::class, static fn () => PushReceiver::receiveStream($unreadable, Folder::make() . '/a.pdf'));
        self::assertSame('stream_unreadable', $error->reason);
        rewind($read);
        self::assertSame('%PDF', $this->sent(DocumentSource::stream($read), 'pdf'));
    }

    /** The content says what it is where no name does. */
    public function testTheFormatOfAContentWithoutAName(): void
    {
        $document = "\n%PDF-1.7 " . str_repeat('x', 2_000_000);
        $path = Folder::make() . '/phpAbCdEf';
        file_put_contents($path, $document);
        $sources = [
            DocumentSource::path($path),
            DocumentSource::path("$path.nothere"),
            DocumentSource::bytes($document),
            DocumentSource::base64(base64_encode($document)),
            DocumentSource::stream(fopen($path, 'rb')),
            DocumentSource::bytes('PK'),
            DocumentSource::path('/nowhere/合同.合同'),
        ];
        $suffixes = array_map(static fn (DocumentSource $source): ?string => $source->suffix(), $sources);
        self::assertSame(['pdf', 'nothere', 'pdf', 'pdf', 'pdf', null, null], $suffixes);
        self::assertSame($document, $this->sent(DocumentSource::path($path)));
    }

    /** A file from a browser: its suffix is that of the name there, and PHP's numbers for failures are said in words. */
    public function testAnUpload(): void
    {
        $site = new FpmSite(['ffi.enable' => 'true', 'upload_max_filesize' => '1M'], workers: 1);
        $raw = json_decode(Orders::good('A')->toRaw()->json, true);
        $signers = array_map(static fn (array $signer): array => array_replace($signer, ['pic' => 'eA==', 'otherpic' => 'eA==']), $raw['signerlist']);
        $ask = function (string $document, string $name, string $field = 'pdf') use ($site, $signers): array {
            $file = Folder::make() . '/upload';
            file_put_contents($file, $document);
            $curl = curl_init($site->url('upload.php'));
            curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_POSTFIELDS => [
                'signers' => json_encode($signers),
                $field => new \CURLFile($file, 'application/octet-stream', $name),
            ]]);
            return (array) json_decode((string) curl_exec($curl), true);
        };
        self::assertSame(['format' => 'pdf', 'document' => '%PDF-1'], $ask('%PDF-1', '合同.PDF'), $site->log());
        self::assertSame(['format' => 'pdf', 'document' => '%PDF-1'], $ask('%PDF-1', 'contract'));
        self::assertSame(['format' => 'docx', 'document' => 'PK'], $ask('PK', 'contract.docx'));
        $large = $ask(str_repeat('x', 2_000_000), 'a.pdf');
        self::assertSame('upload_failed', $large['reason'] ?? $large);
        self::assertStringContainsString('upload_max_filesize (1M)', $large['message']);
        self::assertStringContainsString('upload_max_filesize（1M）', $large['zh']);
        self::assertStringContainsString('several files', $ask('%PDF', 'a.pdf', 'pdf[]')['message'] ?? '');
        self::assertSame('bad_upload', $ask('%PDF', 'a.pdf', 'other')['reason'] ?? null);
        $site->stop();
    }

    /** A path that a form makes up is no upload. */
    public function testAnUploadThatIsNone(): void
    {
        $upload = static fn (array $file): \Closure => static fn () => DocumentSource::upload($file);
        $file = ['name' => 'a.pdf', 'tmp_name' => __FILE__, 'error' => UPLOAD_ERR_OK, 'size' => 1];
        $this->thrown(FileException::class, $upload($file));
        foreach ([UPLOAD_ERR_INI_SIZE, UPLOAD_ERR_FORM_SIZE, UPLOAD_ERR_PARTIAL, UPLOAD_ERR_NO_FILE, UPLOAD_ERR_NO_TMP_DIR, UPLOAD_ERR_CANT_WRITE, UPLOAD_ERR_EXTENSION, 99] as $error) {
            $messages[] = $this->thrown(FileException::class, $upload(['error' => $error, 'tmp_name' => ''] + $file))->getMessage();
        }
        self::assertCount(8, array_unique($messages ?? []));
    }

    /** Returns the document that would go over the wire. */
    private function sent(DocumentSource $source, ?string $format = null): string
    {
        $order = new SignOrder('A-1', Orders::good('A-1')->signers, $source, $format);
        return (string) base64_decode(json_decode(Protocol::wire($order, '{"tokenid":"t"}'), true)['filebase'], true);
    }

    /**
     * @template T of WoSignDocException
     *
     * @param class-string<T> $class
     *
     * @return T
     */
    private function thrown(string $class, \Closure $call): WoSignDocException
    {
        try {
            $call();
        } catch (WoSignDocException $error) {
            self::assertInstanceOf($class, $error);
            return $error;
        }
        self::fail("no $class");
    }
}
