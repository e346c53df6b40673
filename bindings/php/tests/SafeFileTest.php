<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Exception\FileException;
use WoSignDoc\Push\SafeFile;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Process;

/** Files that are whole and on disk, or not there at all. */
final class SafeFileTest extends TestCase
{
    /** What the kernel says of two mounts of one file system: neither rename() nor link() between them. */
    private const TWO_MOUNTS = <<<'C'
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <string.h>
        static int apart(const char *a, const char *b) {
            return (strstr(a, "/spool/") != 0) != (strstr(b, "/spool/") != 0);
        }
        int rename(const char *a, const char *b) {
            int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
            return apart(a, b) ? (errno = EXDEV, -1) : real(a, b);
        }
        int link(const char *a, const char *b) {
            int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "link");
            return apart(a, b) ? (errno = EXDEV, -1) : real(a, b);
        }
        C;

    /** The old file stays whole until the new one takes its name: nothing is written into it. */
    public function testBetweenTwoMountsOfOneFileSystem(): void
    {
        $folder = self::spool();
        file_put_contents("$folder/mounts.c", self::TWO_MOUNTS);
        $compile = ['cc', '-shared', '-fPIC', '-o', "$folder/mounts.so", "$folder/mounts.c", '-ldl'];
        self::assertSame([0, ''], Process::run($compile));
        file_put_contents("$folder/a.pdf", 'old');
        link("$folder/a.pdf", "$folder/same-as-a");
        $script = 'require "' . __DIR__ . '/bootstrap.php";'
            . "WoSignDoc\\Push\\SafeFile::move('$folder/spool/push.pdf', '$folder/a.pdf');";
        $environment = ['LD_PRELOAD' => "$folder/mounts.so", 'PATH' => (string) getenv('PATH')];
        self::assertSame([0, ''], Process::run([PHP_BINARY, '-r', $script], $environment));
        self::assertSame('new', file_get_contents("$folder/a.pdf"));
        self::assertSame('old', file_get_contents("$folder/same-as-a"));
        self::assertSame([], Folder::names("$folder/spool"));
        self::assertSame([], glob("$folder/*.part"));
    }

    public function testWithinOneFileSystemNothingIsCopied(): void
    {
        $folder = self::spool();
        $inode = fileinode("$folder/spool/push.pdf");
        file_put_contents("$folder/a.pdf", 'old');
        SafeFile::move("$folder/spool/push.pdf", "$folder/a.pdf");
        clearstatcache();
        self::assertSame($inode, fileinode("$folder/a.pdf"));
        self::assertSame(['a.pdf', 'spool'], Folder::names($folder));
    }

    /** Two names of one file, be it twice the same, are the same document: it stays. */
    public function testOntoItself(): void
    {
        $folder = self::spool();
        $file = "$folder/spool/push.pdf";
        link($file, "$folder/another");
        foreach ([$file, "$folder/another"] as $target) {
            SafeFile::move($file, $target);
            self::assertSame('new', file_get_contents($target));
        }
        SafeFile::copy($file, $file);
        self::assertSame('new', file_get_contents($file));
        self::assertSame(['push.pdf'], Folder::names("$folder/spool"));
    }

    /** A failure leaves the document where it was, and nothing half done. */
    public function testATargetThatCannotBeReplaced(): void
    {
        $folder = self::spool();
        mkdir("$folder/taken");
        foreach (['move', 'copy'] as $how) {
            try {
                SafeFile::$how("$folder/spool/push.pdf", "$folder/taken");
                self::fail('a folder was replaced');
            } catch (FileException $error) {
                self::assertStringContainsString('rename', $error->getMessage());
            }
            self::assertSame('new', file_get_contents("$folder/spool/push.pdf"));
            self::assertSame(['spool', 'taken'], Folder::names($folder));
        }
    }

    private static function spool(): string
    {
        $folder = Folder::make();
        mkdir("$folder/spool");
        file_put_contents("$folder/spool/push.pdf", 'new');
        return $folder;
    }
}
