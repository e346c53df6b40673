<?php

declare(strict_types=1);

namespace WoSignDoc;

/**
 * Asks things of the host. Functions that hosts switch off (disable_functions) are called only where they are
 * there: calling one that is not would be an Error, and the work can be done without them.
 *
 * @internal
 */
final class Host
{
    /** Returns the process's id. Where nobody may know it, nobody can fork either, and one number does for all. */
    public static function pid(): int
    {
        return function_exists('getmypid') ? (int) getmypid() : 0;
    }

    /** Keeps the script running when the client closes its connection. */
    public static function goOnWithoutTheClient(): void
    {
        if (function_exists('ignore_user_abort')) {
            ignore_user_abort(true);
        }
    }

    /** Puts a file, or a folder, on disk, and says whether it could. @param resource $file */
    public static function sync($file): bool
    {
        return !function_exists('fsync') || @fsync($file);
    }

    /** Gives a file a second name, and says whether it could. */
    public static function link(string $file, string $name): bool
    {
        return function_exists('link') && @link($file, $name);
    }

    /**
     * Takes a step whose new files only this user can read.
     *
     * @template T
     *
     * @param \Closure(): T $step
     *
     * @return T
     */
    public static function privately(\Closure $step): mixed
    {
        // Threads share it.
        if (PHP_ZTS || !function_exists('umask')) {
            return $step();
        }
        $before = umask(0077);
        try {
            return $step();
        } finally {
            umask($before);
        }
    }

    /** Has a function called when the script ends. */
    public static function atTheEnd(\Closure $call): void
    {
        if (function_exists('register_shutdown_function')) {
            register_shutdown_function($call);
        }
    }

    /** Changes a setting, and returns what it was; false when it stays as it is. */
    public static function set(string $setting, string $value): string|false
    {
        return function_exists('ini_set') ? ini_set($setting, $value) : false;
    }

    /**
     * Returns a path that starts from the folder of now, wherever the script goes afterwards. Links in it stay: one
     * that is swapped when a site is deployed counts at the next use.
     */
    public static function absolute(string $path): string
    {
        $relative = $path !== '' && preg_match('~^([A-Za-z]:|[/\\\\])~', $path) !== 1;
        return $relative ? getcwd() . '/' . $path : $path;
    }

    /** Returns the machine's kind, such as `x86_64`, which is what most are. */
    public static function machine(): string
    {
        return function_exists('php_uname') ? php_uname('m') : 'x86_64';
    }
}
