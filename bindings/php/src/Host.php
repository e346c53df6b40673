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
     * Renames a file, over one that stands there, and says whether it could. On Windows that fails while anybody has
     * one of the two open, as what scans or indexes new files does for a moment: it is tried again for a second.
     *
     * @param string $family as PHP_OS_FAMILY
     */
    public static function rename(string $from, string $to, string $family = PHP_OS_FAMILY): bool
    {
        for ($attempt = 1; !($done = @rename($from, $to)); $attempt++) {
            if ($family !== 'Windows' || $attempt === 10) {
                break;
            }
            usleep(20_000 * $attempt);
        }
        return $done;
    }

    /**
     * Says whether files can be made in a folder.
     *
     * @param string $family as PHP_OS_FAMILY
     */
    public static function takesFiles(string $folder, string $family = PHP_OS_FAMILY): bool
    {
        if ($family !== 'Windows') {
            return is_writable($folder);
        }
        // There PHP reads access lists itself, and is mistaken about some, such as those of network shares.
        $file = "$folder/" . bin2hex(random_bytes(6)) . '.part';
        $made = @fopen($file, 'x');
        if ($made !== false) {
            fclose($made);
            @unlink($file);
        }
        return $made !== false;
    }

    /**
     * Takes a step whose new files only this user can read. On Windows they are as the access list of their folder
     * says: there is no mask.
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
     *
     * @param string $family as PHP_OS_FAMILY
     */
    public static function absolute(string $path, string $family = PHP_OS_FAMILY): string
    {
        // Elsewhere a backslash and a colon are letters of a name.
        $rooted = $family === 'Windows' ? '~^([A-Za-z]:|[/\\\\])~' : '~^/~';
        return $path === '' || preg_match($rooted, $path) === 1 ? $path : getcwd() . '/' . $path;
    }

    /** Returns the machine's kind, such as `x86_64` or, on Windows, `AMD64`; empty where nobody may ask. */
    public static function machine(): string
    {
        return function_exists('php_uname') ? php_uname('m') : '';
    }
}
