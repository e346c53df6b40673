<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/**
 * The data folder of a sandbox that had to be killed, which deletes it otherwise.
 *
 * @internal
 */
final class Folder
{
    /** Deletes it, with all that is in it; what is not a sandbox's stays. */
    public static function remove(string $path): void
    {
        if (str_starts_with(basename($path), 'wosigndoc-sandbox-')) {
            self::removeAll($path);
        }
    }

    private static function removeAll(string $path): void
    {
        if (!is_dir($path) || is_link($path)) {
            @unlink($path);
            return;
        }
        foreach (array_diff(@scandir($path) ?: [], ['.', '..']) as $name) {
            self::removeAll("$path/$name");
        }
        @rmdir($path);
    }
}
