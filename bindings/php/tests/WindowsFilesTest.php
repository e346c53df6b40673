<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Exception\FileException;
use WoSignDoc\Host;
use WoSignDoc\Push\FileName;
use WoSignDoc\Push\SafeFile;
use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Process;

/** Files where the system is Windows: by what is decided there, and by a disk that behaves so. */
final class WindowsFilesTest extends TestCase
{
    /** A disk that neither removes nor renames a file that this process has open, nor replaces it. */
    private const DISK = <<<'C'
        #define _GNU_SOURCE
        #include <dirent.h>
        #include <dlfcn.h>
        #include <errno.h>
        #include <limits.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        static int is_open(const char *path) {
            char real[PATH_MAX], link[300], to[PATH_MAX];
            int found = 0;
            DIR *folder = realpath(path, real) ? opendir("/proc/self/fd") : 0;
            for (struct dirent *entry; folder && (entry = readdir(folder)); ) {
                snprintf(link, sizeof link, "/proc/self/fd/%s", entry->d_name);
                ssize_t length = readlink(link, to, sizeof to - 1);
                to[length < 0 ? 0 : length] = 0;
                found |= strcmp(to, real) == 0;
            }
            if (folder) closedir(folder);
            return found;
        }
        int unlink(const char *path) {
            int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
            return is_open(path) ? (errno = EACCES, -1) : real(path);
        }
        int rename(const char *a, const char *b) {
            int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
            return is_open(a) || is_open(b) ? (errno = EACCES, -1) : real(a, b);
        }
        C;

    public function testAbsolutePaths(): void
    {
        foreach (['C:\\sites\\a', 'c:/sites/a', '\\\\server\\share\\a', '\\a', '/a'] as $path) {
            self::assertSame($path, Host::absolute($path, 'Windows'));
        }
        self::assertSame(getcwd() . '/a\\b', Host::absolute('a\\b', 'Windows'));
        // Elsewhere these are names like any other.
        foreach (['C:\\a', '\\a', 'a:1'] as $name) {
            self::assertSame(getcwd() . "/$name", Host::absolute($name, 'Linux'));
        }
        self::assertSame('/a', Host::absolute('/a', 'Linux'));
    }

    /** An order's number may be what no file can be called, or what is a device. */
    public function testNamesThatNoFileCanHave(): void
    {
        $bad = ['A:1.pdf', 'A|1.pdf', 'A?.pdf', '*', 'a"b', "a\tb", 'NUL', 'nul.pdf', 'Con .pdf', 'COM1', 'lpt9.tar.gz', 'COM¹.pdf',
            'a.pdf ', 'a.', '合同:1.pdf'];
        foreach ($bad as $name) {
            foreach (['C:\\signed\\', 'C:/signed/', 'C:'] as $folder) {
                try {
                    FileName::mustBeUsable($folder . $name, 'Windows');
                    self::fail("$folder$name was taken");
                } catch (FileException $error) {
                    self::assertSame('bad_file_name', $error->reason);
                    self::assertStringContainsString("$folder$name", $error->getMessage());
                    self::assertMatchesRegularExpression('/\p{Han}/u', $error->messageZh . $error->adviceZh);
                }
            }
            FileName::mustBeUsable($name, 'Linux');
        }
        foreach (['合同-1.pdf', 'COM10.pdf', 'CONTRACT.pdf', 'a.b.pdf', '.part', "\xd6\x7c.pdf"] as $name) {
            FileName::mustBeUsable("C:\\signed\\$name", 'Windows');
        }
        FileName::mustBeUsable(null, 'Windows');
        $this->addToAssertionCount(1);
    }

    /** A file that is stored is made in its folder, whose access list it gets. */
    public function testMovesByACopy(): void
    {
        $folder = self::spool();
        $inode = fileinode("$folder/spool/push.pdf");
        file_put_contents("$folder/a.pdf", 'old');
        link("$folder/spool/push.pdf", "$folder/keep");
        SafeFile::move("$folder/spool/push.pdf", "$folder/a.pdf", 'Windows');
        clearstatcache();
        self::assertNotSame($inode, fileinode("$folder/a.pdf"));
        self::assertSame('new', file_get_contents("$folder/a.pdf"));
        self::assertSame([], Folder::names("$folder/spool"));
        self::assertSame(['a.pdf', 'keep', 'spool'], Folder::names($folder));
        SafeFile::move("$folder/a.pdf", "$folder/spool/../a.pdf", 'Windows');
        self::assertSame('new', file_get_contents("$folder/a.pdf"));
    }

    /** What has a file open for a moment does not keep a document from its name. */
    public function testWaitsForAFileThatIsOpen(): void
    {
        $folder = self::spool();
        mkdir("$folder/a.pdf");
        self::assertFalse(Host::rename("$folder/spool/push.pdf", "$folder/a.pdf", 'Linux'));
        $scanner = new Process(['sh', '-c', "sleep 0.2; rmdir $folder/a.pdf"], "$folder/log");
        self::assertTrue(Host::rename("$folder/spool/push.pdf", "$folder/a.pdf", 'Windows'));
        $scanner->stop();
        self::assertSame('new', file_get_contents("$folder/a.pdf"));
    }

    public function testWhetherAFolderTakesFiles(): void
    {
        $folder = Folder::make();
        foreach (['Windows', 'Linux'] as $family) {
            self::assertTrue(Host::takesFiles($folder, $family));
            self::assertFalse(Host::takesFiles("$folder/missing", $family));
        }
        self::assertSame([], Folder::names($folder));
    }

    /** Nothing is left in the spool, and a document is stored, although no open file can be removed or replaced. */
    public function testADiskThatKeepsWhatIsOpen(): void
    {
        $folder = self::spool();
        file_put_contents("$folder/disk.c", self::DISK);
        $compile = ['cc', '-shared', '-fPIC', '-o', "$folder/disk.so", "$folder/disk.c", '-ldl'];
        self::assertSame([0, ''], Process::run($compile));
        $script = 'require "' . __DIR__ . '/bootstrap.php";' . <<<'PHP'
            use WoSignDoc\Push\{ReceivedPush, SafeFile};
            [, $folder] = $argv;
            $open = fopen("$folder/spool/push.pdf", 'rb');
            if (@unlink("$folder/spool/push.pdf")) {
                exit('the disk does not behave so');
            }
            SafeFile::move("$folder/spool/push.pdf", "$folder/a.pdf", 'Windows');
            fclose($open);
            SafeFile::copy("$folder/a.pdf", "$folder/a.pdf");
            $function = static fn (ReceivedPush $push) => $push->saveAs("$folder/b.pdf");
            $endpoint = new WoSignDoc\Endpoint\PushEndpoint($function, "$folder/incoming");
            foreach (['one', 'two'] as $document) {
                echo $endpoint->answer('POST', [WoSignDoc\Tests\Support\Pushes::signed($document)])->status, ' ';
            }
            echo implode(' ', WoSignDoc\Tests\Support\Folder::names("$folder/incoming"));
            PHP;
        $environment = ['LD_PRELOAD' => "$folder/disk.so", 'PATH' => (string) getenv('PATH'),
            'WOSIGNDOC_LIBRARY' => (string) getenv('WOSIGNDOC_LIBRARY')];
        self::assertSame([0, '200 200 '], Process::run([PHP_BINARY, '-r', $script, $folder], $environment));
        self::assertSame(['new', 'two'], [file_get_contents("$folder/a.pdf"), file_get_contents("$folder/b.pdf")]);
        self::assertSame([], glob("$folder/*.part"));
    }

    /** open_basedir is set by other means there, and separates folders otherwise. */
    public function testOpenBasedirIsSetElsewhere(): void
    {
        foreach (FileException::advice('open_basedir', 'Windows') as $text) {
            self::assertMatchesRegularExpression('/Apache.* ; /', $text);
            self::assertStringNotContainsString('fpm', $text);
        }
        self::assertStringContainsString('php-fpm', FileException::advice('open_basedir', 'Linux')[0]);
    }

    private static function spool(): string
    {
        $folder = Folder::make();
        mkdir("$folder/spool");
        file_put_contents("$folder/spool/push.pdf", 'new');
        return $folder;
    }
}
