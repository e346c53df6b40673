<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

/** Folders of the tests' own, gone when the process that made them ends. */
final class Folder
{
    public static function make(): string
    {
        $path = sys_get_temp_dir() . '/wosigndoc-php-' . bin2hex(random_bytes(6));
        mkdir($path, 0700);
        $owner = getmypid();
        register_shutdown_function(static function () use ($path, $owner): void {
            if (getmypid() === $owner) {
                self::remove($path);
            }
        });
        return $path;
    }

    public static function remove(string $path): void
    {
        if (is_dir($path) && !is_link($path)) {
            foreach (array_diff((array) scandir($path), ['.', '..']) as $name) {
                self::remove("$path/$name");
            }
            @rmdir($path);
        } else {
            @unlink($path);
        }
    }

    /** The names in a folder. @return list<string> */
    public static function names(string $path): array
    {
        return array_values(array_diff((array) scandir($path), ['.', '..']));
    }
}
