<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

/** Reads the cases that every language runs: vectors/README.md says what they mean. */
final class Vectors
{
    /** @return iterable<string, \stdClass> */
    public static function cases(string $file): iterable
    {
        foreach (self::file($file)->cases as $case) {
            yield "$file: {$case->name}" => $case;
        }
    }

    public static function file(string $file): \stdClass
    {
        $text = (string) file_get_contents(Orders::root() . "/vectors/$file.json");
        return json_decode($text, false, 512, JSON_THROW_ON_ERROR);
    }

    /** @param string|list<string|\stdClass> $text */
    public static function text(string|array $text): string
    {
        $pieces = array_map(static fn (string|\stdClass $piece): string => match (true) {
            is_string($piece) => $piece,
            isset($piece->base64) => (string) base64_decode($piece->base64, true),
            default => str_repeat($piece->repeat, $piece->times),
        }, (array) $text);
        return implode('', $pieces);
    }
}
