<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

/**
 * Writes texts of any encoding into messages.
 *
 * @internal
 */
final class Text
{
    /** Returns a text as it is where it is UTF-8, else with every other byte written as `\xHH`. */
    public static function printable(string $text): string
    {
        return preg_match('//u', $text) === 1 ? $text : (string) preg_replace_callback(
            '/[^\x20-\x7e]/',
            static fn (array $byte): string => sprintf('\\x%02X', ord($byte[0])),
            $text,
        );
    }
}
