<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

/**
 * Loads a library of Windows whose path has Chinese letters, and says why one cannot be loaded.
 *
 * @internal
 */
final class WindowsLoader
{
    private const DECLARATIONS = 'void *LoadLibraryW(const char *name); uint32_t GetLastError(void);';

    /** What the numbers mean that a loader's failure has. */
    private const REASONS = [
        5 => 'access is denied',
        126 => 'it, or a library that it needs, is not there',
        193 => 'it is no library for this kind of process (x64)',
        1260 => 'a policy of the system forbids it',
        4551 => 'a policy of the system forbids it',
    ];

    /**
     * Returns what FFI finds a library by. It hands a path to LoadLibraryA, which reads it in the system's code page,
     * and not as UTF-8: where the two differ, the library is loaded here, and then is found by its bare name, for what
     * is loaded already comes first.
     *
     * @param string $path an absolute one, or a name that the system looks for
     */
    public static function find(string $path): string
    {
        $path = self::withBackslashes($path);
        if (preg_match('/[^\x00-\x7f]/', $path) !== 1 || self::load($path) !== null) {
            return $path;
        }
        return substr($path, (int) strrpos("\\$path", '\\'));
    }

    /** Says why a library cannot be loaded. */
    public static function whyNot(string $path): string
    {
        return self::reason(self::load($path) ?? 0);
    }

    /** Puts the number of a failure into words; 0 is none. */
    public static function reason(int $error): string
    {
        $why = isset(self::REASONS[$error]) ? ': ' . self::REASONS[$error] : '';
        return "cannot be loaded$why" . ($error === 0 ? '' : " (Windows error $error)");
    }

    /** Returns a text as the system takes it, in UTF-16 with a zero at its end; null for one that is not UTF-8. */
    public static function wide(string $text): ?string
    {
        $wide = function_exists('iconv') ? @iconv('UTF-8', 'UTF-16LE', $text) : false;
        return $wide === false ? null : "$wide\0\0";
    }

    /** The loader takes slashes for parts of names. */
    public static function withBackslashes(string $path): string
    {
        return strtr($path, '/', '\\');
    }

    /** Loads a library for as long as the process lives. @return ?int the number of the failure; null: it is loaded */
    private static function load(string $path): ?int
    {
        $wide = self::wide($path);
        if ($wide === null) {
            return 0;
        }
        $system = \FFI::cdef(self::DECLARATIONS, 'kernel32.dll');
        // The number must be asked for at once.
        return $system->LoadLibraryW($wide) === null ? $system->GetLastError() : null;
    }
}
