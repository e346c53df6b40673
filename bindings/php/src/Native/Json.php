<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

use WoSignDoc\Exception\InvalidCallException;

/**
 * Writes JSON for the core, and reads the core's.
 *
 * @internal
 */
final class Json
{
    /**
     * Writes a value as JSON.
     *
     * @param array<mixed> $value
     *
     * @throws InvalidCallException when a text is not UTF-8 (the field is named) or a number is not finite
     */
    public static function encode(#[\SensitiveParameter] array $value): string
    {
        // An empty array stands for an object wherever the core takes one at the top.
        if ($value === []) {
            return '{}';
        }
        try {
            return json_encode($value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        } catch (\JsonException $error) {
            $field = self::notUtf8($value, '');
            throw $field !== null
                ? self::badText($field)
                : InvalidCallException::of(
                    'bad_json',
                    'the values cannot be written as JSON: ' . $error->getMessage(),
                    '这些值无法写为 JSON：' . $error->getMessage(),
                    'give finite numbers, texts, booleans, and arrays of these',
                    '请使用有限的数字、文本、布尔值及由其组成的数组',
                );
        }
    }

    /** Checks a text that the core gets as it is. @throws InvalidCallException */
    public static function mustBeUtf8(string $name, #[\SensitiveParameter] string $text): void
    {
        if (preg_match('//u', $text) !== 1) {
            throw self::badText($name);
        }
    }

    private static function badText(string $field): InvalidCallException
    {
        return InvalidCallException::of(
            'not_utf8',
            "$field: the text is not UTF-8",
            "{$field}：文本不是 UTF-8 编码",
            "convert it before the call, for example with mb_convert_encoding(\$text, 'UTF-8', 'GBK')",
            "请在调用前转换，例如 mb_convert_encoding(\$text, 'UTF-8', 'GBK')",
        );
    }

    /**
     * Returns the fields that were given: null is none.
     *
     * @param array<string, mixed> $fields
     *
     * @return array<string, mixed>
     */
    public static function given(#[\SensitiveParameter] array $fields): array
    {
        foreach ($fields as $name => $value) {
            if ($value === null) {
                unset($fields[$name]);
            }
        }
        return $fields;
    }

    /**
     * Reads JSON of the core.
     *
     * @return array<mixed>
     */
    public static function decode(#[\SensitiveParameter] string $json): array
    {
        $value = json_decode($json, true, 512, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
        return is_array($value) ? $value : [];
    }

    /** Returns the path of the first text that is not UTF-8. @param array<mixed> $value */
    private static function notUtf8(#[\SensitiveParameter] array $value, string $path): ?string
    {
        foreach ($value as $key => $item) {
            $here = match (true) {
                is_int($key) => "{$path}[$key]",
                $path === '' => $key,
                default => "$path.$key",
            };
            if (is_string($item) && preg_match('//u', $item) !== 1) {
                return $here;
            }
            $item = is_object($item) ? (array) $item : $item;
            if (is_array($item) && ($found = self::notUtf8($item, $here)) !== null) {
                return $found;
            }
        }
        return null;
    }
}
