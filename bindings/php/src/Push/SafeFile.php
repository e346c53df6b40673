<?php

declare(strict_types=1);

namespace WoSignDoc\Push;

use WoSignDoc\Exception\FileException;

/**
 * Files that are whole and on disk, or not there at all.
 *
 * @internal
 */
final class SafeFile
{
    /** @throws FileException */
    public static function write(string $target, string $bytes): void
    {
        self::replace($target, static fn ($file): bool => @fwrite($file, $bytes) === strlen($bytes));
    }

    /**
     * Moves a file that is on disk already; across file systems it is copied.
     *
     * @throws FileException
     */
    public static function move(string $from, string $target): void
    {
        if (self::sameFileSystem($from, dirname($target))) {
            if (!@rename($from, $target)) {
                throw self::unwritable($target);
            }
            self::syncFolder($target);
            return;
        }
        $source = @fopen($from, 'rb');
        if ($source === false) {
            throw FileException::of('file_unreadable', "cannot be read: $from", "无法读取:$from");
        }
        try {
            self::replace($target, static fn ($file): bool => stream_copy_to_stream($source, $file) === filesize($from));
        } finally {
            fclose($source);
        }
        @unlink($from);
    }

    /** @param \Closure(resource): bool $fill writes all, and says whether it could */
    private static function replace(string $target, \Closure $fill): void
    {
        $temporary = $target . '.' . bin2hex(random_bytes(6)) . '.part';
        $file = @fopen($temporary, 'xb');
        if ($file === false) {
            throw self::unwritable($target);
        }
        $done = $fill($file) && @fflush($file) && @fsync($file);
        fclose($file);
        if (!$done || !@rename($temporary, $target)) {
            @unlink($temporary);
            throw self::unwritable($target);
        }
        self::syncFolder($target);
    }

    private static function sameFileSystem(string $file, string $folder): bool
    {
        $here = @stat($file);
        $there = @stat($folder);
        return $here !== false && $there !== false && $here['dev'] === $there['dev'];
    }

    /** The new name is on disk only when its folder is. Systems that cannot open a folder need no such step. */
    private static function syncFolder(string $target): void
    {
        $folder = @fopen(dirname($target), 'rb');
        if ($folder !== false) {
            @fsync($folder);
            fclose($folder);
        }
    }

    private static function unwritable(string $target): FileException
    {
        $why = error_get_last()['message'] ?? '';
        return FileException::of('file_unwritable', "cannot be written: $target ($why)", "无法写入:$target($why)");
    }
}
