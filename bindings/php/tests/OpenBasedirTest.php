<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Platform;
use WoSignDoc\Tests\Support\Process;
use WoSignDoc\Tests\Support\Pushes;
use WoSignDoc\Tests\Support\Signed;

/** PHP's open_basedir holds for the files that the native library opens by itself. */
final class OpenBasedirTest extends TestCase
{
    /** Whatever names a file outside is refused as PHP would refuse it, and what is inside works. */
    public function testFilesOutside(): void
    {
        [$inside, $outside] = [Folder::make(), Folder::make()];
        foreach (glob(Platform::shared()->folder . '/*.{pem,key,p12,json}', GLOB_BRACE) ?: [] as $file) {
            copy($file, "$inside/" . basename($file));
            copy($file, "$outside/" . basename($file));
        }
        $settings = Platform::shared()->settings();
        // The sandbox writes whole paths; these are relative to the file.
        array_walk_recursive($settings, static function (mixed &$value, string $name): void {
            $value = str_ends_with($name, 'file') ? basename($value) : $value;
        });
        file_put_contents("$inside/client.json", json_encode($settings));
        copy("$inside/client.json", "$outside/client.json");
        foreach (['identity' => 'certificate_file', 'roots' => 'ca_file'] as $section => $name) {
            $other = $settings;
            $other[$section][$name] = "$outside/{$settings[$section][$name]}";
            file_put_contents("$inside/$section.json", json_encode($other));
        }
        file_put_contents("$inside/order.json", Orders::good('A-1')->toRaw()->json);
        foreach ([$inside, $outside] as $folder) {
            file_put_contents("$folder/a.pdf", '%PDF-1.7');
            file_put_contents("$folder/push", Pushes::signed());
            copy(Signed::path('root.pem'), "$folder/root.pem");
            copy(Signed::path('valid.pdf'), "$folder/valid.pdf");
        }
        symlink("$outside/a.pdf", "$inside/link.pdf");
        $report = json_decode($this->script(<<<'PHP'
            use WoSignDoc\{Client, Configuration, DocumentSource, Protocol, RawOrder, SignOrder};
            use WoSignDoc\Push\{PushOptions, PushReceiver};
            use WoSignDoc\Verification\{Verifier, VerifyOptions};
            [$in, $out] = [$argv[1], $argv[2]];
            $transport = new WoSignDoc\Transport\CurlTransport();
            $push = file_get_contents("$in/push");
            $raw = static fn (string $path, string $name = 'path') => new RawOrder(
                json_encode(['filebase' => [$name => $path]] + json_decode(file_get_contents("$in/order.json"), true))
            );
            $calls = [
                'DocumentSource' => static fn ($f) => Protocol::wire(new SignOrder('A', [], DocumentSource::path("$f/a.pdf"))),
                'RawOrder' => static fn ($f) => Protocol::wire($raw("$f/a.pdf")),
                'RawOrder, as it may be spelt' => static fn ($f) => Protocol::wire($raw("$f/a.pdf", 'Path')),
                'up' => static fn ($f) => Protocol::validate($raw("$in/../" . basename($f) . '/a.pdf')),
                'file' => static fn ($f) => Client::fromFile("$f/client.json"),
                'json' => static fn ($f) => new Client(Configuration::fromJson(json_encode(['file' => "$f/client.json"]))),
                'mark' => static fn ($f) => new Client(Configuration::fromJson("\u{feff}" . json_encode(['file' => "$f/client.json"]))),
                'environment' => static fn ($f) => Client::fromEnvironment(['WOSIGNDOC_CONFIG' => "$f/client.json"]),
                'variable' => static fn ($f) => Client::fromEnvironment(
                    ['WOSIGNDOC_CONFIG' => "$in/client.json", 'WOSIGNDOC_CA_FILE' => "$f/ca.pem"]
                ),
                'certificate' => static fn ($f) => Client::fromFile($f === $in ? "$in/client.json" : "$in/identity.json"),
                'ca_file' => static fn ($f) => Client::fromFile($f === $in ? "$in/client.json" : "$in/roots.json"),
                'preflight' => static fn ($f) => Configuration::fromFile($f === $in ? "$in/client.json" : "$in/roots.json")->preflight(1),
                'transport' => static fn ($f) => Client::fromFile("$f/client.json", $transport),
                'preflight of a transport' => static fn ($f) => Configuration::fromFile("$f/client.json")->preflight(1, $transport),
                'order by a transport' => static fn ($f) => Client::fromFile("$in/client.json", $transport)->create($raw("$f/a.pdf")),
                'push' => static fn ($f) => PushReceiver::receive($push, "$f/b.pdf"),
                'pieces' => static fn ($f) => new PushReceiver("$f/c.pdf"),
                'stream' => static fn ($f) => PushReceiver::receiveStream(fopen("$in/push", 'r'), "$f/d.pdf"),
                'deliveries' => static fn ($f) => new WoSignDoc\Delivery\FileDeliveryStore("$f/deliveries"),
                'verify' => static fn ($f) => (new Verifier())->verify(DocumentSource::path("$f/valid.pdf")),
                'trustOf' => static fn ($f) => (new Verifier())->trustOf(DocumentSource::path("$f/valid.pdf")),
                'roots of trust' => static fn ($f) => (new Verifier(new VerifyOptions(["$in/root.pem", "$f/root.pem"])))
                    ->verify(DocumentSource::path("$in/valid.pdf")),
                'one root' => static fn ($f) => (new Verifier(VerifyOptions::fromArray(['roots' => ['ca_file' => "$f/root.pem"]])))
                    ->verify(DocumentSource::path("$in/valid.pdf")),
                'sent' => static fn ($f) => (new Verifier(new VerifyOptions(sent: DocumentSource::path("$f/valid.pdf"))))
                    ->verify(DocumentSource::path("$in/valid.pdf")),
                'roots of pushes' => static fn ($f) => new PushReceiver(null, new PushOptions(verify: new VerifyOptions("$f/root.pem"))),
                'quarantine' => static fn ($f) => new PushReceiver(null, new PushOptions(verify: new VerifyOptions(), quarantine: "$f/aside")),
                'spool' => static fn ($f) => new WoSignDoc\Endpoint\PushEndpoint(static fn () => null, "$f/spool"),
            ];
            foreach ($calls as $name => $call) {
                foreach (['inside' => $in, 'outside' => $out] as $where => $folder) {
                    try {
                        $call($folder);
                        $said[$where][$name] = 'ok';
                    } catch (WoSignDoc\Exception\WoSignDocException $error) {
                        $said[$where][$name] = "$error->reason {$error->getMessage()} $error->messageZh";
                    }
                }
            }
            try {
                Protocol::wire($raw("$in/link.pdf"));
            } catch (WoSignDoc\Exception\WoSignDocException $error) {
                $said['outside']['link'] = "$error->reason {$error->getMessage()} $error->messageZh";
            }
            // A transport has its own: what the configuration names is not read.
            foreach (['identity', 'roots'] as $section) {
                $said['inside'][$section] = Client::fromFile("$in/$section.json", $transport)->about()['transport'];
            }
            echo json_encode($said);
            PHP, [$inside, $outside], $inside), true);
        self::assertIsArray($report);
        foreach ($report['inside'] as $name => $said) {
            self::assertDoesNotMatchRegularExpression('/open_basedir/', $said, "$name inside");
        }
        foreach ($report['outside'] as $name => $said) {
            self::assertMatchesRegularExpression('/^open_basedir .*open_basedir keeps PHP from .*open_basedir 不允许 PHP 访问/u', $said, "$name outside");
        }
        self::assertCount(28, $report['outside']);
        self::assertStringContainsString('filebase.path: ', $report['outside']['DocumentSource']);
        self::assertStringContainsString('identity.certificate_file: ', $report['outside']['certificate']);
        self::assertStringContainsString('roots.ca_file[1]: ', $report['outside']['roots of trust']);
        $made = ['b.pdf', 'c.pdf', 'd.pdf', 'deliveries', 'spool'];
        self::assertSame([], array_intersect($made, Folder::names($outside)));
    }

    /** A library outside is named as such, with the setting that keeps it away, and not called missing. */
    public function testALibraryOutside(): void
    {
        $said = $this->script(<<<'PHP'
            try {
                WoSignDoc\Protocol::version();
            } catch (WoSignDoc\Exception\NativeLibraryException $error) {
                echo $error->getMessage(), $error->messageZh;
            }
            PHP, [], Folder::make(), false);
        self::assertStringContainsString('(from WOSIGNDOC_LIBRARY): open_basedir keeps PHP from ', $said);
        self::assertStringContainsString('name its folder in open_basedir', $said);
        self::assertStringContainsString('：open_basedir 不允许 PHP 访问', $said);
        self::assertStringContainsString('列出其所在目录', $said);
        self::assertStringNotContainsString('no such file', $said);
    }

    /** @param list<string> $arguments */
    private function script(string $code, array $arguments, string $folder, bool $library = true): string
    {
        $package = dirname(__DIR__);
        file_put_contents("$folder/script.php", "<?php require '$package/autoload.php';\n$code");
        $allowed = [$folder, "$package/src", "$package/autoload.php", "$package/classes.php"];
        if ($library) {
            $allowed[] = dirname((string) getenv('WOSIGNDOC_LIBRARY'));
        }
        $allowed = implode(PATH_SEPARATOR, $allowed);
        [$status, $text] = Process::run([PHP_BINARY, '-d', "open_basedir=$allowed", "$folder/script.php", ...$arguments]);
        self::assertSame(0, $status, $text);
        return $text;
    }
}
