<?php

declare(strict_types=1);

namespace WoSignDoc;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\WoSignDocException;

/**
 * Holds the native library to PHP's `open_basedir`: it opens files by itself, and would not know of it.
 *
 * @internal
 */
final class OpenBasedir
{
    /** A deeper document holds no path that the core would read. */
    private const DEPTH = 512;

    /** Says whether there is such a limit. */
    public static function isSet(): bool
    {
        return (string) ini_get('open_basedir') !== '';
    }

    /**
     * Checks that PHP itself may use a file, which need not be there.
     *
     * @param ?string $field what names it, for the message
     *
     * @throws FileException
     */
    public static function mustAllow(string $path, ?string $field = null): void
    {
        if (self::isSet() && $path !== '' && !self::allows(Host::absolute($path))) {
            $shown = Native\Text::printable($path);
            throw FileException::of(
                'open_basedir',
                "open_basedir keeps PHP from $shown",
                "open_basedir 不允许 PHP 访问 $shown",
                $field,
            );
        }
    }

    /**
     * Checks every file that JSON for the core names.
     *
     * @param string $json what the core reads too
     * @param bool $settings whether it is a configuration, whose files have names that end in `file`, or what names
     *     its files by `path` or `folder`, and those of trust by `ca_file` and `sent`
     *
     * @throws FileException
     */
    public static function mustAllowAllOf(#[\SensitiveParameter] string $json, bool $settings = false): void
    {
        if (!self::isSet()) {
            return;
        }
        $document = json_decode(self::withoutMark($json), true, self::DEPTH);
        // What PHP cannot read the core refuses as well.
        if (is_array($document)) {
            self::walk($document, '', $settings ? '/file$/i' : '/^(path|folder|ca_file|sent)$/i');
        }
    }

    /**
     * Checks a configuration, with the files that it is kept in.
     *
     * @param \Closure(string): string $resolve makes of where it is kept what it says
     *
     * @throws FileException
     */
    public static function mustAllowConfiguration(#[\SensitiveParameter] string $json, \Closure $resolve): void
    {
        if (!self::isSet()) {
            return;
        }
        self::mustAllowAllOf($json, true);
        $place = self::mustAllowPlaceOf($json);
        if (is_array($place) && array_intersect(['file', 'environment'], array_keys($place)) !== []) {
            try {
                $settings = $resolve($json);
            } catch (WoSignDocException) {
                // What is wrong with it is said by whoever uses it.
                return;
            }
            self::mustAllowAllOf($settings, true);
        }
    }

    /**
     * Checks the file alone that a configuration is kept in, where what it names is not read: a transport has a
     * certificate of its own.
     *
     * @return mixed the configuration, or where it is kept
     *
     * @throws FileException
     */
    public static function mustAllowPlaceOf(#[\SensitiveParameter] string $json): mixed
    {
        $place = json_decode(self::withoutMark($json), true);
        $files = is_array($place) ? [
            'file' => $place['file'] ?? null,
            'WOSIGNDOC_CONFIG' => $place['environment']['WOSIGNDOC_CONFIG'] ?? null,
        ] : [];
        foreach (array_filter($files, 'is_string') as $name => $file) {
            self::mustAllow($file, $name);
        }
        return $place;
    }

    /** @param array<mixed> $document */
    private static function walk(#[\SensitiveParameter] array $document, string $above, string $names): void
    {
        foreach ($document as $name => $value) {
            $here = is_int($name) ? "{$above}[$name]" : ltrim("$above.$name", '.');
            // What stands in a list has the name of the list.
            $called = preg_replace('/^.*\.|\[\d+\]$/s', '', $here);
            if (is_array($value)) {
                self::walk($value, $here, $names);
            } elseif (is_string($value) && preg_match($names, (string) $called) === 1) {
                self::mustAllow($value, $here);
            }
        }
    }

    private static function withoutMark(#[\SensitiveParameter] string $json): string
    {
        return str_starts_with($json, "\u{feff}") ? substr($json, 3) : $json;
    }

    /** Asks PHP, in the one way that it has: by a warning, which no handler of the site's shall hear. */
    private static function allows(string $path): bool
    {
        $allowed = true;
        set_error_handler(static function (int $level, string $message) use (&$allowed): bool {
            $allowed = $allowed && !str_contains($message, 'open_basedir');
            return true;
        });
        try {
            file_exists($path);
        } finally {
            restore_error_handler();
        }
        return $allowed;
    }
}
