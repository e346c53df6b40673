<?php

declare(strict_types=1);

namespace WoSignDoc\Push;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Host;
use WoSignDoc\Native\Text;
use WoSignDoc\OpenBasedir;

/**
 * Writes files that are whole and on disk, or not there at all. The core can do so too, but takes no name that is not
 * UTF-8, as on older disks in GBK, and makes no copies.
 *
 * @internal
 */
final class SafeFile
{
    /**
     * Makes a folder where there is none, for this user alone.
     *
     * @param string $field what names it, for the message
     *
     * @throws FileException when it cannot be made, or nothing can be written into it
     */
    public static function folder(string $folder, string $field): void
    {
        OpenBasedir::mustAllow($folder, $field);
        clearstatcache(true, $folder);
        if (!self::make($folder)) {
            throw self::unusable($folder, $field, 'it cannot be made', '无法创建');
        }
        if (!Host::takesFiles($folder)) {
            throw self::unusable($folder, $field, 'nothing can be written into it', '无法在其中写入');
        }
    }

    /** Makes a folder and those above it, with their names on disk, and says whether it is there. */
    private static function make(string $folder): bool
    {
        if (is_dir($folder)) {
            return true;
        }
        if (dirname($folder) === $folder || !self::make(dirname($folder))) {
            return false;
        }
        // Another process may be faster. On Windows the mode says nothing: who may enter, the folder above hands down.
        $there = @mkdir($folder, 0700) || is_dir($folder);
        self::syncFolder($folder);
        return $there;
    }

    private static function unusable(string $folder, string $field, string $why, string $whyZh): FileException
    {
        $folder = Text::printable($folder);
        return FileException::of('file_unwritable', "the folder $folder: $why", "目录 {$folder}：$whyZh", $field);
    }

    /**
     * Writes bytes to a file.
     *
     * @throws FileException
     */
    public static function write(string $target, #[\SensitiveParameter] string $bytes): void
    {
        self::replace($target, static fn ($file): bool => @fwrite($file, $bytes) === strlen($bytes));
    }

    /**
     * Moves a file that is on disk already; where it can have no second name beside the target it is copied. So it is
     * on Windows: moved, it would keep the access list of the folder that it came from, and could not be moved at all
     * while a stream of it is open.
     *
     * @param string $family as PHP_OS_FAMILY
     *
     * @throws FileException
     */
    public static function move(string $from, string $target, string $family = PHP_OS_FAMILY): void
    {
        clearstatcache($family === 'Windows');
        if (file_exists($target) && self::identity($from, $family) === self::identity($target, $family)) {
            return;
        }
        // Not by rename() at once: between two mounts, even of one file system, that would silently make a copy
        // in place, which is neither whole at every moment nor on disk.
        $temporary = self::temporary($target);
        $mayLink = $family !== 'Windows' && self::sameFileSystem($from, dirname($target));
        if ($mayLink && Host::link($from, $temporary)) {
            self::rename($temporary, $target);
        } else {
            self::copy($from, $target);
        }
        @unlink($from);
    }

    /**
     * Copies a file.
     *
     * @throws FileException
     */
    public static function copy(string $from, string $target): void
    {
        clearstatcache();
        $source = @fopen($from, 'rb');
        if ($source === false) {
            throw self::gone($from);
        }
        $fill = static function ($file) use ($source, $from): bool {
            $whole = stream_copy_to_stream($source, $file) === filesize($from);
            // At once: it may be what is replaced, and Windows replaces no file that is open.
            fclose($source);
            return $whole;
        };
        try {
            self::replace($target, $fill);
        } finally {
            if (is_resource($source)) {
                fclose($source);
            }
        }
    }

    /** Replaces a file as a whole. @param \Closure(resource): bool $fill writes all, and says whether it could */
    private static function replace(string $target, \Closure $fill): void
    {
        $temporary = self::temporary($target);
        $file = @fopen($temporary, 'xb');
        if ($file === false) {
            throw self::unwritable($target);
        }
        $done = $fill($file) && @fflush($file) && Host::sync($file);
        fclose($file);
        if (!$done) {
            $error = self::unwritable($target);
            @unlink($temporary);
            throw $error;
        }
        self::rename($temporary, $target);
    }

    private static function rename(string $temporary, string $target): void
    {
        if (!Host::rename($temporary, $target)) {
            $error = self::unwritable($target);
            @unlink($temporary);
            throw $error;
        }
        self::syncFolder($target);
    }

    private static function temporary(string $target): string
    {
        FileName::mustBeUsable($target);
        return $target . '.' . bin2hex(random_bytes(6)) . '.part';
    }

    /** Returns what two names of one file have in common. @return array{int, int}|string|false */
    private static function identity(string $file, string $family): array|string|false
    {
        if ($family === 'Windows') {
            // Some file systems there number no files: all would be one. realpath() writes a name as the disk does, but
            // fails where a folder above may not be listed.
            return realpath($file) ?: strtr(Host::absolute($file, $family), '/', '\\');
        }
        $stat = @lstat($file);
        return $stat === false ? false : [$stat['dev'], $stat['ino']];
    }

    private static function sameFileSystem(string $file, string $folder): bool
    {
        $here = @stat($file);
        $there = @stat($folder);
        return $here !== false && $there !== false && $here['dev'] === $there['dev'];
    }

    /** Puts the new name on disk, by its folder. Windows opens no folder, and needs no such step. */
    private static function syncFolder(string $target): void
    {
        if (PHP_OS_FAMILY === 'Windows') {
            return;
        }
        $folder = @fopen(dirname($target), 'rb');
        if ($folder !== false) {
            Host::sync($folder);
            fclose($folder);
        }
    }

    /** Says that a received document is not where it was. */
    public static function gone(string $file): FileException
    {
        $shown = Text::printable($file);
        return is_file($file)
            ? FileException::of('file_unreadable', "the document cannot be read: $shown", "无法读取文档：$shown")
            : FileException::of('document_gone', "the document is gone: $shown", "文档已不存在：$shown");
    }

    private static function unwritable(string $target): FileException
    {
        $target = Text::printable($target);
        $why = error_get_last()['message'] ?? '';
        return FileException::of('file_unwritable', "cannot be written: $target ($why)", "无法写入：$target");
    }
}
