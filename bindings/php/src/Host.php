<?php

declare(strict_types=1);

namespace WoSignDoc;

/**
 * Functions of PHP that hosts switch off (disable_functions). Calling one would be an Error, and the work can
 * be done without them.
 *
 * @internal
 */
final class Host
{
    /** The process; where nobody may know its id, nobody can fork either, and one number does for all. */
    public static function pid(): int
    {
        return function_exists('getmypid') ? (int) getmypid() : 0;
    }

    public static function goOnWithoutTheClient(): void
    {
        if (function_exists('ignore_user_abort')) {
            ignore_user_abort(true);
        }
    }

    /** Puts a file, or a folder, on disk. @param resource $file */
    public static function sync($file): bool
    {
        return !function_exists('fsync') || @fsync($file);
    }

    /** A second name for a file; false where there cannot be one. */
    public static function link(string $file, string $name): bool
    {
        return function_exists('link') && @link($file, $name);
    }

    /** Has a function called when the script ends. */
    public static function atTheEnd(\Closure $call): void
    {
        if (function_exists('register_shutdown_function')) {
            register_shutdown_function($call);
        }
    }

    /** Changes a setting. False when it stays as it is; else what it was. */
    public static function set(string $setting, string $value): string|false
    {
        return function_exists('ini_set') ? ini_set($setting, $value) : false;
    }

    /** The machine's kind, such as `x86_64`, which is what most are. */
    public static function machine(): string
    {
        return function_exists('php_uname') ? php_uname('m') : 'x86_64';
    }
}
