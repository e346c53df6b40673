<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Client;
use WoSignDoc\Configuration;
use WoSignDoc\DocumentSource;
use WoSignDoc\ErrorKind;
use WoSignDoc\Exception\CallTimeoutException;
use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\IntegrityException;
use WoSignDoc\Exception\InternalException;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Exception\InvalidOrderException;
use WoSignDoc\Exception\NativeLibraryException;
use WoSignDoc\Exception\PlatformException;
use WoSignDoc\Exception\ProtocolException;
use WoSignDoc\Exception\TlsException;
use WoSignDoc\Exception\TransportException;
use WoSignDoc\Exception\UntrustedException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Native\Library;
use WoSignDoc\Protocol;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\SignOrder;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Pushes;

/** Every kind of error provoked against the platform, and caught by its own type. */
final class ErrorsTest extends TestCase
{
    public function testArgument(): void
    {
        $error = $this->thrown(InvalidCallException::class, static fn () => Client::fromArray(Platform::shared()->settings(['endpiont' => 'x'])));
        self::assertSame('unknown_option', $error->reason);
        self::assertStringContainsString('endpiont', $error->getMessage());
        $error = $this->thrown(InvalidCallException::class, static fn () => Client::fromArray(Platform::shared()->settings(['endpoint' => 'http://127.0.0.1/'])));
        self::assertSame('endpoint_not_https', $error->reason);
        $this->thrown(InvalidCallException::class, static fn () => Client::fromEnvironment([]));
        $this->thrown(InvalidCallException::class, static fn () => Configuration::fromArray(['x' => NAN]));
    }

    /** A number that would not arrive whole is refused by the name of its parameter. */
    public function testNumbersOutOfRange(): void
    {
        $configuration = Configuration::fromFile(Platform::shared()->clientJson());
        $client = new Client($configuration);
        $answer = '{"status":1,"errorcode":0,"signid":"x","orderNumber":"n"}';
        foreach ([-1, 2 ** 32, 2 ** 32 + 200, PHP_INT_MIN] as $number) {
            $calls = [
                'httpStatus' => [static fn () => Protocol::readAnswer($number, $answer)],
                'timeoutMs' => [
                    static fn () => $client->create(Orders::good('E-6'), $number),
                    static fn () => $configuration->preflight($number),
                ],
            ];
            foreach ($calls as $name => $ofName) {
                foreach ($ofName as $call) {
                    $error = $this->thrown(InvalidCallException::class, $call);
                    self::assertStringContainsString("$name: $number ", $error->getMessage());
                }
            }
        }
        self::assertSame('x', Protocol::readAnswer(200, $answer)->signid);
    }

    /** PHP has one empty array, for lists and for sections alike. */
    public function testEmptySections(): void
    {
        foreach (['retry', 'timeouts', 'roots'] as $section) {
            $client = Client::fromArray(Platform::shared()->settings([$section => []]));
            self::assertNotEmpty($client->about()['endpoint'], $section);
        }
    }

    /** A text in another encoding is named wherever it stands, and is no case for a report. */
    public function testTextThatIsNotUtf8IsNamed(): void
    {
        $calls = [
            'environment.WOSIGNDOC_TOKEN' => static fn () => Client::fromEnvironment(['WOSIGNDOC_TOKEN' => "\xb2"]),
            'identity.key' => static fn () => Configuration::fromArray(['identity' => ['key' => "\xff"]]),
            'configuration' => static fn () => Configuration::fromJson("\xff"),
            'file' => static fn () => Configuration::fromFile("\xff"),
        ];
        foreach ($calls as $name => $call) {
            $error = $this->thrown(InvalidCallException::class, $call);
            self::assertSame('not_utf8', $error->reason);
            self::assertStringStartsWith("$name: ", $error->getMessage());
        }
    }

    /** A link that a deployment swaps counts at once, for all that PHP remembers of paths. */
    public function testAFileBehindALinkThatIsSwapped(): void
    {
        $folder = Folder::make();
        foreach (['one', 'two'] as $release) {
            mkdir("$folder/$release");
            copy(Platform::shared()->clientJson(), "$folder/$release/client.json");
            foreach (glob(Platform::shared()->folder . '/*.{pem,key,p12}', GLOB_BRACE) ?: [] as $file) {
                copy($file, "$folder/$release/" . basename($file));
            }
        }
        symlink("$folder/one", "$folder/current");
        self::assertNotEmpty(Client::fromFile("$folder/current/client.json")->about());
        // By other programs: PHP forgets the paths that it changes itself.
        exec("ln -sfn $folder/two $folder/current && rm -r $folder/one");
        self::assertNotEmpty(Client::fromFile("$folder/current/client.json")->about());
    }

    /** A relative path is one of the folder in which it was given. */
    public function testARelativePath(): void
    {
        $before = (string) getcwd();
        chdir(Platform::shared()->folder);
        $configuration = Configuration::fromFile('client.json');
        chdir('/');
        try {
            self::assertNotEmpty((new Client($configuration))->about());
        } finally {
            chdir($before);
        }
    }

    public function testInvalidOrder(): void
    {
        $client = Client::fromFile(Platform::shared()->clientJson());
        $error = $this->thrown(InvalidOrderException::class, static fn () => $client->create(new SignOrder('', [])));
        self::assertContains(-48, array_map(static fn ($one): int => $one->code, $error->violations()));
    }

    /** Covers P-20: the platform's own no. */
    public function testPlatform(): void
    {
        $client = Client::fromArray(Platform::shared()->settings(['tokenid' => 'nobody']));
        $error = $this->thrown(PlatformException::class, static fn () => $client->create(Orders::good('E-1')));
        self::assertSame(-65, $error->errorCode);
        self::assertSame(-65, $error->getCode());
        self::assertFalse($error->mayHaveArrived);
    }

    public function testTransport(): void
    {
        $port = Process::freePort();
        $client = Client::fromArray(Platform::shared()->settings(['endpoint' => "https://127.0.0.1:$port/"]));
        $error = $this->thrown(TransportException::class, static fn () => $client->create(Orders::good('E-2')));
        self::assertTrue($error->retry);
        self::assertFalse($error->mayHaveArrived);
    }

    public function testTls(): void
    {
        // The system's roots do not hold the sandbox's CA.
        $client = Client::fromArray(Platform::shared()->settings(['roots' => ['system' => true]]));
        $error = $this->thrown(TlsException::class, static fn () => $client->create(Orders::good('E-3')));
        self::assertSame('server_untrusted', $error->reason);
    }

    public function testTimeout(): void
    {
        // Somebody listens, and never says a word.
        $silent = stream_socket_server('tcp://127.0.0.1:0');
        self::assertIsResource($silent);
        $settings = Platform::shared()->settings(['endpoint' => 'https://' . stream_socket_get_name($silent, false) . '/']);
        $client = Client::fromArray($settings);
        $this->thrown(CallTimeoutException::class, static fn () => $client->create(Orders::good('E-4'), timeoutMs: 300));
    }

    public function testProtocol(): void
    {
        $error = $this->thrown(ProtocolException::class, static fn () => Protocol::readAnswer(502, '<html>Bad Gateway'));
        self::assertSame(502, $error->httpStatus);
        self::assertSame('<html>Bad Gateway', $error->bodyStart);
    }

    public function testIntegrity(): void
    {
        $body = Pushes::signed('x', hash: str_repeat('0', 64));
        $this->thrown(IntegrityException::class, static fn () => PushReceiver::receive($body));
    }

    public function testUntrusted(): void
    {
        $options = new PushOptions(expectOrderNumber: 'another');
        $this->thrown(UntrustedException::class, static fn () => PushReceiver::receive(Pushes::signed(), null, $options));
    }

    public function testIo(): void
    {
        $client = Client::fromFile(Platform::shared()->clientJson());
        $order = Orders::good('E-5', DocumentSource::path('/nowhere/contract.pdf'));
        $error = $this->thrown(FileException::class, static fn () => $client->create($order));
        self::assertSame('filebase', $error->field);
        $this->thrown(FileException::class, static fn () => Client::fromFile('/nowhere/client.json'));
    }

    /** A defect cannot be provoked: its type is what the core's document maps to. */
    public function testInternal(): void
    {
        $entry = array_values(array_filter(Protocol::catalogue()['reasons'], static fn (array $one): bool => $one['kind'] === 'internal'))[0];
        self::assertInstanceOf(InternalException::class, WoSignDocException::from($entry));
    }

    /** Every kind of the core has a case and an exception of its own here. */
    public function testEveryKindHasItsType(): void
    {
        $kinds = array_column(Protocol::catalogue()['kinds'], 'kind');
        // And a kind besides, for there is no core to ask without its library.
        $kinds[] = ErrorKind::NativeLibrary->value;
        self::assertSame($kinds, array_map(static fn (ErrorKind $kind): string => $kind->value, ErrorKind::cases()));
        $entry = Protocol::catalogue()['reasons'][0];
        $types = array_map(static fn (string $kind): string => WoSignDocException::from(['kind' => $kind] + $entry)::class, $kinds);
        self::assertCount(count($kinds), array_unique($types));
    }

    /** What this package finds before the core is asked comes with advice as well. */
    public function testThePackagesOwnErrors(): void
    {
        $folder = Folder::make();
        $open = static fn (string $mode) => fopen("$folder/a", $mode);
        $gone = PushReceiver::receive(Pushes::signed(), "$folder/gone.pdf");
        unlink("$folder/gone.pdf");
        $calls = [
            'not_a_stream' => static fn () => DocumentSource::stream('contract.pdf'),
            'stream_unreadable' => static fn () => DocumentSource::stream($open('wb')),
            'not_utf8' => static fn () => Configuration::fromArray(['tokenid' => "\xff"]),
            'bad_json' => static fn () => Configuration::fromArray(['x' => NAN]),
            'document_gone' => static fn () => $gone->document(),
            'file_unwritable' => static fn () => PushReceiver::receive(Pushes::signed())->saveAs('/nowhere/a.pdf'),
            'native_library' => static fn () => Library::use('/other.so'),
        ];
        foreach ($calls as $reason => $call) {
            $error = $this->thrown(WoSignDocException::class, $call);
            self::assertSame($reason, $error->reason);
            self::assertMatchesRegularExpression('/\p{Han}/u', $error->messageZh);
            self::assertDoesNotMatchRegularExpression('/\p{Han}/u', $error->getMessage() . $error->advice);
            // Four words of English beside each other are a sentence of the other language.
            self::assertDoesNotMatchRegularExpression('/([a-z]+ ){3}[a-z]+/i', $error->messageZh . $error->adviceZh, $reason);
        }
        self::assertSame(ErrorKind::NativeLibrary, $this->thrown(NativeLibraryException::class, $calls['native_library'])->kind);
    }

    /** Nothing secret is in an exception, nor in its trace. */
    public function testNoSecretIsShown(): void
    {
        $settings = Platform::shared()->settings();
        $settings['identity'] = ['pkcs12_file' => Platform::shared()->folder . '/client.p12', 'passphrase' => 'the-secret'];
        $error = $this->thrown(InvalidCallException::class, static fn () => Client::fromArray($settings));
        self::assertSame('identity_passphrase', $error->reason);
        self::assertStringNotContainsString('the-secret', $error->getMessage() . json_encode($error->toArray()));
        ini_set('zend.exception_ignore_args', '0');
        $error = $this->thrown(InvalidCallException::class, static fn () => Client::fromArray(['endpoint' => 'https://x/', 'tokenid' => 'the-secret']));
        self::assertStringNotContainsString('the-secret', print_r($error->getTrace(), true));
    }

    /** A client comes from an array, JSON, a file and the environment alike, and says what it is. */
    public function testEveryWayToAClient(): void
    {
        $platform = Platform::shared();
        $json = (string) file_get_contents($platform->clientJson());
        $copy = Folder::make() . '/client.json';
        file_put_contents($copy, $json);
        $settings = $platform->settings();
        $identity = $settings['identity'];
        $environment = [
            'WOSIGNDOC_ENDPOINT' => $settings['endpoint'],
            'WOSIGNDOC_TOKEN' => $settings['tokenid'],
            'WOSIGNDOC_IDENTITY' => $identity['certificate_file'] ?? $identity['pkcs12_file'],
            'WOSIGNDOC_CA_FILE' => $settings['roots']['ca_file'],
        ];
        $environment += isset($identity['key_file']) ? ['WOSIGNDOC_KEY' => $identity['key_file']] : [];
        $environment += isset($identity['passphrase']) ? ['WOSIGNDOC_PASSPHRASE' => $identity['passphrase']] : [];
        $clients = [
            'array' => Client::fromArray($settings),
            'json' => new Client(Configuration::fromJson($json)),
            'file' => Client::fromFile($copy),
            'environment' => Client::fromEnvironment($environment),
        ];
        foreach ($clients as $name => $client) {
            self::assertSame("W-$name", $client->create(Orders::good("W-$name"))->orderNumber);
            self::assertSame($settings['endpoint'], $client->about()['endpoint']);
            self::assertSame($clients['file']->about(), $client->about());
        }
    }

    public function testResultWireAndValidate(): void
    {
        $client = Client::fromFile(Platform::shared()->clientJson());
        $order = new SignOrder('R-1', [Orders::organisation(), Orders::person('1')], DocumentSource::bytes(Orders::material()), 'png');
        self::assertSame(['check_digit'], array_column($client->validate($order), 'warning'));
        self::assertStringContainsString('"orderNumber":"R-1"', $client->wire($order));
        $result = $client->create(Orders::good('R-2'));
        self::assertNotEmpty($result->signid);
        self::assertSame([false, 1, []], [$result->acceptedBefore, $result->attempts, $result->warnings]);
        $error = $this->thrown(PlatformException::class, static fn () => $client->create(Orders::good('R-2')));
        self::assertContains($error->errorCode, [-46, -47]);
    }

    public function testPreflight(): void
    {
        $report = Configuration::fromFile(Platform::shared()->clientJson())->preflight();
        self::assertTrue($report->ok(), (string) $report);
        self::assertNotContains(false, array_column($report->toArray()['checks'], 'ok'));
        $settings = Platform::shared()->settings(['endpoint' => 'https://127.0.0.1:' . Process::freePort() . '/']);
        $report = Configuration::fromArray($settings)->preflight(2000);
        self::assertFalse($report->ok());
        $failed = array_filter($report->toArray()['checks'], static fn (array $check): bool => !$check['ok']);
        self::assertNotEmpty($failed);
        foreach ($failed as $check) {
            self::assertStringContainsString($check['message'], $report->text());
            self::assertStringContainsString($check['advice_zh'], $report->textZh());
        }
        self::assertNotSame('', $report->text());
        self::assertMatchesRegularExpression('/\p{Han}/u', $report->textZh());
    }

    public function testAClientCannotBeCopied(): void
    {
        $client = Client::fromFile(Platform::shared()->clientJson());
        $this->expectException(\LogicException::class);
        serialize($client);
    }

    /**
     * @template T of WoSignDocException
     *
     * @param class-string<T> $type
     *
     * @return T
     */
    private function thrown(string $type, \Closure $call): WoSignDocException
    {
        try {
            $call();
        } catch (WoSignDocException $error) {
            self::assertInstanceOf($type, $error, $error->getMessage());
            self::assertMatchesRegularExpression('/\p{Han}/u', $error->messageZh);
            self::assertNotSame('', $error->getMessage());
            self::assertNotSame('', $error->advice, $error->reason);
            self::assertMatchesRegularExpression('/\p{Han}/u', $error->adviceZh, $error->reason);
            return $error;
        }
        self::fail("no $type");
    }
}
