<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Native\FfiSetup;
use WoSignDoc\Native\Library;
use WoSignDoc\Native\Platform;
use WoSignDoc\Native\WindowsLoader;
use WoSignDoc\Tests\Support\Process;

/** Which library a machine gets, and what is said where it gets none: by facts of machines that tests do not run on. */
final class PlatformTest extends TestCase
{
    /** @return iterable<string, array{array{string, string, int, bool}, list<string>, string, ?string}> */
    public static function machines(): iterable
    {
        $linux = ['libwosigndoc.so', 'libwosigndoc.so.1'];
        $windows = ['wosigndoc.dll', null];
        yield 'Debian' => [['Linux', 'x86_64', 8, false], ['linux-x86_64', 'linux-musl-x86_64'], ...$linux];
        yield 'Alpine' => [['Linux', 'x86_64', 8, true], ['linux-musl-x86_64', 'linux-x86_64'], ...$linux];
        yield 'Kylin on arm64' => [['Linux', 'aarch64', 8, false], ['linux-aarch64', 'linux-musl-aarch64'], ...$linux];
        yield 'Alpine on arm64' => [['Linux', 'arm64', 8, true], ['linux-musl-aarch64', 'linux-aarch64'], ...$linux];
        foreach (['AMD64', 'amd64', 'x64', 'x86_64', ''] as $name) {
            yield "Windows, $name" => [['Windows', $name, 8, false], ['windows-x86_64'], ...$windows];
        }
        yield 'Windows, 32 bit' => [['Windows', 'i586', 4, false], [], ...$windows];
        yield 'Windows, 32 bit of 64' => [['Windows', 'AMD64', 4, false], [], ...$windows];
        yield 'Windows on ARM64' => [['Windows', 'ARM64', 8, false], [], ...$windows];
        yield 'Linux, 32 bit of 64' => [['Linux', 'x86_64', 4, false], [], ...$linux];
        yield 'Loongson' => [['Linux', 'loongarch64', 8, false], [], ...$linux];
        yield 'macOS' => [['Darwin', 'arm64', 8, false], [], 'libwosigndoc.dylib', 'libwosigndoc.dylib'];
        yield 'FreeBSD' => [['BSD', 'amd64', 8, false], [], 'libwosigndoc.so', 'libwosigndoc.so'];
    }

    /**
     * @dataProvider machines
     *
     * @param array{string, string, int, bool} $facts
     * @param list<string> $folders
     */
    public function testTheFilesOfAMachine(array $facts, array $folders, string $file, ?string $installed): void
    {
        $platform = Platform::of(...$facts);
        self::assertSame([$folders, $file, $installed], [$platform->folders(), $platform->file(), $platform->installed(1)]);
        self::assertSame($folders === [], $platform->unsupported() !== null);
    }

    /** The packaged ones come first. No name is left to the loader of Windows, which would look in the current folder. */
    public function testThePlaces(): void
    {
        $places = new \ReflectionMethod(Library::class, 'places');
        $native = dirname(__DIR__) . '/native';
        self::assertSame(
            ["$native/windows-x86_64/wosigndoc.dll" => 'packaged'],
            $places->invoke(null, Platform::of('Windows', 'AMD64', 8, false)),
        );
        self::assertSame([], $places->invoke(null, Platform::of('Windows', 'ARM64', 8, false)));
        self::assertSame(
            [
                "$native/linux-x86_64/libwosigndoc.so" => 'packaged',
                "$native/linux-musl-x86_64/libwosigndoc.so" => 'packaged',
                'libwosigndoc.so.1' => "the system's",
            ],
            $places->invoke(null, Platform::of('Linux', 'x86_64', 8, false)),
        );
    }

    /** What was found, what there is, and what to do. */
    public function testAMachineWithoutALibrary(): void
    {
        $cases = [
            [['Windows', 'AMD64', 4, false], '32-bit build (PHP_INT_SIZE)', 'Install the x64 build of PHP', '请安装 x64 版 PHP'],
            [['Linux', 'i686', 4, true], '32-bit build (PHP_INT_SIZE)', 'Install the 64-bit build of PHP', '请安装 64 位 PHP'],
            [['Windows', 'ARM64', 8, false], 'runs on Windows ARM64', 'Install the x64 build of PHP', '请安装 x64 版 PHP'],
            [['Linux', 'riscv64', 8, false], 'runs on Linux riscv64', 'Run PHP on one of these', '上述系统之一'],
            [['Darwin', 'arm64', 8, false], 'runs on Darwin arm64', 'Run PHP on one of these', '上述系统之一'],
        ];
        foreach ($cases as [$facts, $found, $do, $doZh]) {
            [$why, $whyZh, $what, $whatZh] = (array) Platform::of(...$facts)->unsupported();
            self::assertStringContainsString($found, $why);
            self::assertStringStartsWith($do, $what);
            self::assertStringContainsString($doZh, $whatZh);
            self::assertMatchesRegularExpression('/64-bit libraries only|x86_64 and aarch64, with glibc or musl/', $why);
            self::assertMatchesRegularExpression('/原生库只有/u', $whyZh);
            foreach ([$what, $whatZh] as $text) {
                self::assertStringContainsString('WOSIGNDOC_LIBRARY', $text);
            }
        }
    }

    /** A site on such a machine reads that, and what became of the system's library. */
    public function testTheMessageOnSuchAMachine(): void
    {
        $package = dirname(__DIR__);
        $script = <<<PHP
            require '$package/autoload.php';
            \$load = new ReflectionMethod(WoSignDoc\\Native\\Library::class, 'unnamed');
            \$platform = WoSignDoc\\Native\\Platform::of('BSD', 'i386', 4, false);
            try {
                \$load->invoke(null, \$platform);
            } catch (WoSignDoc\\Exception\\NativeLibraryException \$error) {
                echo \$error->getMessage(), "\\n", \$error->messageZh, "\\n", \$error->advice;
            }
            PHP;
        $text = Process::run([PHP_BINARY, '-r', $script])[1];
        self::assertStringContainsString("\n  - nowhere: this PHP is a 32-bit build", $text);
        self::assertStringContainsString("\n  - libwosigndoc.so (the system's): libwosigndoc.so: cannot open", $text);
        self::assertStringContainsString("\n  - 无：此 PHP 为 32 位版本", $text);
        self::assertStringEndsWith('Install the 64-bit build of PHP, or set WOSIGNDOC_LIBRARY to a library of your own.', $text);
    }

    /** The switches are named as each system has them, with the php.ini that PHP has read. */
    public function testHowFfiIsSwitchedOn(): void
    {
        $ini = 'C:\\php\\php.ini';
        $windows = [...FfiSetup::toInstall('Windows', $ini, '83'), ...FfiSetup::toAllow('Windows', $ini, 'C:\\p\\preload.php')];
        foreach ($windows as $at => $text) {
            self::assertStringContainsString($ini, $text);
            self::assertStringContainsString($at < 2 ? 'extension=ffi' : 'ffi.enable=true', $text);
            self::assertDoesNotMatchRegularExpression('/fpm|apk|opcache\.preload=/', $text);
        }
        self::assertStringContainsString('php_ffi.dll', $windows[0]);
        foreach (FfiSetup::toInstall('Windows', null, '83') as $text) {
            self::assertStringContainsString('php.ini-production', $text);
        }
        [$install] = FfiSetup::toInstall('Linux', '/etc/php83/php.ini', '83');
        self::assertStringContainsString('extension=ffi in /etc/php83/php.ini (on Alpine: apk add php83-ffi)', $install);
        [$allow] = FfiSetup::toAllow('Linux', '/etc/php83/php.ini', '/p/preload.php');
        self::assertStringContainsString('opcache.preload=/p/preload.php in /etc/php83/php.ini', $allow);
        self::assertSame('Set ffi.enable=true in php.ini.', FfiSetup::toAllow('Linux', null, null)[0]);
    }

    /** With ffi.enable=false nothing is said of preloading, which would not help. */
    public function testFfiThatIsSwitchedOff(): void
    {
        $script = 'require "' . dirname(__DIR__) . '/autoload.php"; try { WoSignDoc\\Protocol::version(); }'
            . 'catch (WoSignDoc\\Exception\\NativeLibraryException $error) { echo $error->getMessage(), $error->messageZh; }';
        $environment = ['PATH' => (string) getenv('PATH')];
        $text = Process::run([PHP_BINARY, '-d', 'ffi.enable=false', '-r', $script], $environment)[1];
        self::assertStringContainsString('ffi.enable=false', $text);
        self::assertStringContainsString('Set ffi.enable=true in ', $text);
        self::assertStringNotContainsString('preload', $text);
    }

    /** FFI for Windows looks functions up in a library that is named only. */
    public function testWhereFunctionsOfCAre(): void
    {
        self::assertSame(['ntdll.dll', null], [Platform::libc('Windows'), Platform::libc('Linux')]);
    }

    /** Paths as Windows takes them. */
    public function testPathsOfWindows(): void
    {
        self::assertSame('C:\\站点\\native\\a.dll', WindowsLoader::withBackslashes('C:\\站点/native/a.dll'));
        self::assertSame("C\0:\0\\\0\x2d\x4e\x3d\xd8\x00\xde\0\0", WindowsLoader::wide('C:\\中😀'));
        self::assertNull(WindowsLoader::wide("\xd6\xd0"));
        self::assertSame('cannot be loaded', WindowsLoader::reason(0));
        self::assertSame('cannot be loaded (Windows error 8)', WindowsLoader::reason(8));
        self::assertStringContainsString('(x64) (Windows error 193)', WindowsLoader::reason(193));
        // What needs no help is handed on as it is, and so is a name that the system looks for.
        self::assertSame('C:\\site\\a.dll', WindowsLoader::find('C:\\site/a.dll'));
        self::assertSame('wosigndoc.dll', WindowsLoader::find('wosigndoc.dll'));
        self::assertSame("C:\\\xd6\xd0\\a.dll", WindowsLoader::find("C:\\\xd6\xd0\\a.dll"));
    }
}
