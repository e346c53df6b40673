<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Native\Library;
use WoSignDoc\Native\Platform;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Process;

/** Finding the native library: each case in a PHP of its own, for a library is loaded once. */
final class LibraryTest extends TestCase
{
    private const SCRIPT = <<<'PHP'
        try {
            %s
            echo WoSignDoc\Protocol::version(), ' from ', WoSignDoc\Native\Library::get()->path;
        } catch (WoSignDoc\Exception\NativeLibraryException $error) {
            echo $error->reason, ': ', $error->getMessage(), "\n", $error->messageZh;
        }
        PHP;

    public function testAnExplicitPath(): void
    {
        $text = $this->php("WoSignDoc\\Native\\Library::use('{$this->library()}');", null);
        self::assertSame('0.1.0 from ' . $this->library(), $text);
    }

    public function testTheEnvironment(): void
    {
        self::assertSame('0.1.0 from ' . $this->library(), $this->php('', $this->library()));
    }

    /** A relative path starts from the folder of the script, which may change to another one. */
    public function testARelativePath(): void
    {
        $folder = Folder::make();
        mkdir("$folder/native");
        copy($this->library(), "$folder/native/a.so");
        $use = 'WoSignDoc\Native\Library::use';
        $text = $this->php("chdir('$folder'); $use('native/a.so'); chdir('native'); $use('native/a.so');", null);
        self::assertStringContainsString("$folder/native/native/a.so: $folder/native/a.so is loaded already", $text);
        $text = $this->php("chdir('$folder'); $use('native/a.so'); $use('native/a.so'); chdir('/');", null);
        self::assertSame("0.1.0 from $folder/native/a.so", $text);
        $text = $this->php("chdir('$folder');", 'native/a.so');
        self::assertSame("0.1.0 from $folder/native/a.so", $text);
    }

    public function testThePackagedOne(): void
    {
        $package = $this->packageWithout();
        $file = $this->packaged($package, Platform::current()->folders()[0]);
        copy($this->library(), $file);
        self::assertSame("0.1.0 from $file", $this->php('', null, $package));
    }

    /** The name holds for this machine: of Linux, its processor, and glibc, which Debian's PHP runs on. */
    public function testTheFolderOfThisMachine(): void
    {
        $folders = ['linux-' . php_uname('m'), 'linux-musl-' . php_uname('m')];
        self::assertSame($folders, Platform::current()->folders());
    }

    /** Both kinds of C library are tried: the loader refuses a file of the wrong one, and that is no harm. */
    public function testTheOneOfTheOtherCLibrary(): void
    {
        $package = $this->packageWithout();
        [$first, $other] = Platform::current()->folders();
        file_put_contents($refused = $this->packaged($package, $first), 'not a library');
        $text = $this->php('', null, $package);
        self::assertStringContainsString("$refused (packaged): is no ELF file", $text);
        copy($this->library(), $file = $this->packaged($package, $other));
        self::assertSame("0.1.0 from $file", $this->php('', null, $package));
    }

    /** A host may switch php_uname() off: then libraries for each processor are tried. */
    public function testWhereNobodySaysTheProcessor(): void
    {
        $package = $this->packageWithout();
        [$first] = Platform::current()->folders();
        copy($this->library(), $file = $this->packaged($package, $first));
        $options = ['-d', 'disable_functions=php_uname', '-r', $this->script('', $package)];
        $environment = ['PATH' => (string) getenv('PATH')];
        self::assertSame("0.1.0 from $file", Process::run([PHP_BINARY, ...$options], $environment)[1]);
        unlink($file);
        $text = Process::run([PHP_BINARY, ...$options], $environment)[1];
        self::assertSame(4, preg_match_all('~/native/linux-[\w-]+/libwosigndoc\.so \(packaged\)~', $text), $text);
    }

    public function testTheSystemsOne(): void
    {
        $folder = Folder::make();
        copy($this->library(), "$folder/libwosigndoc.so.1");
        $package = $this->packageWithout();
        self::assertSame('0.1.0 from libwosigndoc.so.1', $this->php('', null, $package, ['LD_LIBRARY_PATH' => $folder]));
    }

    /** Every place tried is named, each with its reason. */
    public function testAMissingOneNamesEveryPlace(): void
    {
        $text = $this->php('', null, $this->packageWithout());
        self::assertStringContainsString('native_library', $text);
        self::assertMatchesRegularExpression('~native/linux-\w+/libwosigndoc\.so \(packaged\): there is no such file~', $text);
        self::assertMatchesRegularExpression("~libwosigndoc\\.so\\.1 \\(the system's\\): .*cannot open shared object~", $text);
        self::assertStringContainsString('WOSIGNDOC_LIBRARY', $text);
        self::assertMatchesRegularExpression('/\p{Han}/u', $text);
        $text = $this->php('', '/nowhere/libwosigndoc.so');
        self::assertStringContainsString('/nowhere/libwosigndoc.so (from WOSIGNDOC_LIBRARY): there is no such file', $text);
        $text = $this->php("WoSignDoc\\Native\\Library::use('/nowhere/else.so');", $this->library());
        self::assertStringContainsString('/nowhere/else.so (given to Library::use())', $text);
    }

    public function testAWrongOne(): void
    {
        $text = $this->php('', $this->compile('int something(void) { return 1; }'));
        self::assertStringContainsString('is not a wosigndoc library', $text);
        $file = Folder::make() . '/text.so';
        file_put_contents($file, 'not a library');
        self::assertStringContainsString("text.so (from WOSIGNDOC_LIBRARY): is no ELF file", $this->php('', $file));
    }

    /** A file that is cut off would end the process, and a FIFO hold it: the system's loader is not given them. */
    public function testFilesThatTheLoaderMustNotMeet(): void
    {
        $folder = Folder::make();
        $whole = (string) file_get_contents($this->library());
        $machine = unpack('v', $whole, 18)[1];
        [$other, $name] = $machine === 62 ? [183, 'aarch64'] : [62, 'x86_64'];
        $files = [
            'half' => substr($whole, 0, intdiv(strlen($whole), 2)),
            'nearly' => substr($whole, 0, -1),
            'beginning' => substr($whole, 0, 20),
            'foreign' => substr_replace($whole, pack('v', $other), 18, 2),
            'narrow' => substr_replace($whole, pack('v', 3), 18, 2),
            'empty' => '',
        ];
        foreach ($files as $file => $content) {
            file_put_contents("$folder/$file", $content);
        }
        mkdir("$folder/folder");
        posix_mkfifo("$folder/fifo", 0600);
        $cutOff = ['is cut off: copy it again', '不完整：请重新复制'];
        $here = php_uname('m');
        $expected = [
            'half' => $cutOff,
            'nearly' => $cutOff,
            'beginning' => $cutOff,
            'foreign' => ["is for $name, this process is $here", "用于 {$name}，本进程是 $here"],
            'narrow' => ["is for i386, this process is $here", "用于 i386，本进程是 $here"],
            'empty' => ['is no ELF file', '不是 ELF 文件'],
            'folder' => ['is no regular file, but a folder', '不是普通文件，而是目录'],
            'fifo' => ['is no regular file, but a FIFO', '不是普通文件，而是 FIFO'],
        ];
        foreach ($expected as $file => [$words, $wordsZh]) {
            $text = $this->php('', "$folder/$file");
            self::assertStringContainsString("$folder/$file (from WOSIGNDOC_LIBRARY): $words\n", $text);
            self::assertStringContainsString("$folder/{$file}：$wordsZh\n", $text);
            // What to do is about this file.
            self::assertStringContainsString('replace this file', $text);
            self::assertStringNotContainsString('set WOSIGNDOC_LIBRARY', $text);
        }
    }

    public function testOneForMusl(): void
    {
        $folder = Folder::make();
        file_put_contents("$folder/c.c", 'int other(void) { return 1; }');
        $build = ['cc', '-shared', '-fPIC', '-Wl,-soname,libc.so', '-o', "$folder/c.so", "$folder/c.c"];
        self::assertSame([0, ''], Process::run($build));
        $file = $this->compile('int other(void); unsigned wsd_abi_version(void) { return other(); }', "$folder/c.so");
        $text = $this->php('', $file);
        self::assertStringContainsString("$file (from WOSIGNDOC_LIBRARY): is for musl, this process runs on glibc\n", $text);
        self::assertStringContainsString("{$file}：用于 musl，本进程使用 glibc\n", $text);
    }

    public function testATooOldOne(): void
    {
        $text = $this->php('', $this->compile('unsigned wsd_abi_version(void) { return 0; }'));
        self::assertStringContainsString('has ABI 0, this package needs ABI 1', $text);
    }

    /** A function that came later without a new ABI number is missed when the library is loaded, and named. */
    public function testOneThatLacksAFunction(): void
    {
        $text = $this->php('', $this->compile('unsigned wsd_abi_version(void) { return ' . Library::ABI . '; }'));
        self::assertMatchesRegularExpression("/from WOSIGNDOC_LIBRARY\\): is older than this package: .*'wsd_\w+'/", $text);
    }

    /** The number in the package is the header's. */
    public function testTheAbiIsTheHeaders(): void
    {
        $header = (string) file_get_contents(Orders::root() . '/include/wosigndoc.h');
        self::assertStringContainsString('#define WSD_ABI_VERSION ' . Library::ABI . "\n", $header);
    }

    /** PHP's FFI takes the header as it is. */
    public function testTheHeaderLoadsUnchanged(): void
    {
        $ffi = \FFI::cdef((string) file_get_contents(Orders::root() . '/include/wosigndoc.h'), $this->library());
        self::assertSame(Library::ABI, $ffi->wsd_abi_version());
    }

    /** What opcache keeps of the header is the header's. */
    public function testTheDeclarationsAreTheHeaders(): void
    {
        $file = Folder::make() . '/Declarations.php';
        Process::run([PHP_BINARY, dirname(__DIR__) . '/make-declarations', $file]);
        self::assertFileEquals($file, dirname(__DIR__) . '/src/Native/Declarations.php', 'stale: run make-declarations');
    }

    /** Without Composer every class is found by a list. */
    public function testTheListOfClassesIsWhole(): void
    {
        $file = Folder::make() . '/classes.php';
        Process::run([PHP_BINARY, dirname(__DIR__) . '/make-classes', $file]);
        self::assertFileEquals($file, dirname(__DIR__) . '/classes.php', 'stale: run make-classes');
    }

    public function testWithoutFfiItSaysHow(): void
    {
        // Without any ini file no shared extension is loaded, FFI being one.
        [, $text] = Process::run([PHP_BINARY, '-n', '-r', $this->script('', $this->package())]);
        self::assertStringContainsString('no FFI extension', $text);
        self::assertStringContainsString('extension=ffi', $text);
    }

    public function testAnotherOneCannotBeChosenLater(): void
    {
        $text = $this->php("WoSignDoc\\Protocol::version(); WoSignDoc\\Native\\Library::use('/other.so');", $this->library());
        self::assertStringContainsString('is loaded already', $text);
    }

    private function library(): string
    {
        return (string) getenv('WOSIGNDOC_LIBRARY');
    }

    private function package(): string
    {
        return dirname(__DIR__);
    }

    private function packageWithout(): string
    {
        $package = Folder::make();
        $this->copyPackage($package);
        return $package;
    }

    /** The path of a packaged library, whose folder is made. */
    private function packaged(string $package, string $folder): string
    {
        mkdir("$package/native/$folder", 0700, true);
        return "$package/native/$folder/libwosigndoc.so";
    }

    private function copyPackage(string $target): void
    {
        $parts = array_map(fn (string $name): string => $this->package() . "/$name", ['src', 'autoload.php', 'classes.php']);
        Process::run(['cp', '-r', ...$parts, $target]);
    }

    /** @param array<string, string> $environment */
    private function php(string $first, ?string $variable, ?string $package = null, array $environment = []): string
    {
        $environment += ['PATH' => (string) getenv('PATH')];
        if ($variable !== null) {
            $environment['WOSIGNDOC_LIBRARY'] = $variable;
        }
        return Process::run([PHP_BINARY, '-r', $this->script($first, $package ?? $this->package())], $environment)[1];
    }

    private function script(string $first, string $package): string
    {
        return "require '$package/autoload.php';" . sprintf(self::SCRIPT, $first);
    }

    private function compile(string $source, string ...$needed): string
    {
        $folder = Folder::make();
        file_put_contents("$folder/a.c", $source);
        [$code, $text] = Process::run(['cc', '-shared', '-fPIC', '-o', "$folder/libwosigndoc.so", "$folder/a.c", ...$needed]);
        self::assertSame(0, $code, $text);
        return "$folder/libwosigndoc.so";
    }
}
