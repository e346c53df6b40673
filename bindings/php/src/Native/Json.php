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
    /** Levels that json_encode() goes down by itself. */
    private const DEPTH = 512;

    /** What to do with a text that is not UTF-8. */
    private const CONVERT = [
        'advice' => "convert it before the call, as with mb_convert_encoding(\$text, 'UTF-8', 'GBK') "
            . "or iconv('GBK', 'UTF-8', \$text)",
        'advice_zh' => "请在调用前转换，例如 mb_convert_encoding(\$text, 'UTF-8', 'GBK') 或 iconv('GBK', 'UTF-8', \$text)",
    ];

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
            [$field, $item] = self::unwritable($value, '') ?? [null, null];
            throw is_string($item) ? self::badText((string) $field) : self::badValue($field, $item);
        }
    }

    /** Writes what came from the core for people to read, or to keep. @param array<mixed> $value */
    public static function pretty(#[\SensitiveParameter] array $value): string
    {
        $flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRETTY_PRINT | JSON_PRESERVE_ZERO_FRACTION;
        return json_encode($value, JSON_THROW_ON_ERROR | $flags);
    }

    /** Checks a text that the core gets as it is. @throws InvalidCallException */
    public static function mustBeUtf8(string $name, #[\SensitiveParameter] string $text): void
    {
        if (preg_match('//u', $text) !== 1) {
            throw self::badText($name);
        }
    }

    /**
     * Names PHP's own functions in an error document of the core that speaks of a text's encoding.
     *
     * @param array<mixed> $document
     *
     * @return array<mixed>
     */
    public static function naming(array $document): array
    {
        return ($document['reason'] ?? '') === 'not_utf8' ? self::CONVERT + $document : $document;
    }

    private static function badText(string $field): InvalidCallException
    {
        if (preg_match('/(^|[._])(path|file(\[\d+\])?|folder|sent)$/', $field) === 1) {
            return self::badName($field);
        }
        return InvalidCallException::of(
            'not_utf8',
            'the text is not UTF-8',
            '文本不是 UTF-8 编码',
            self::CONVERT['advice'],
            self::CONVERT['advice_zh'],
            $field,
        );
    }

    /** Says what is wrong with the name of a file: converted, it would name none. */
    private static function badName(string $field): InvalidCallException
    {
        return InvalidCallException::of(
            'not_utf8',
            "the file's name is not UTF-8, and the native library takes no other",
            '文件名不是 UTF-8 编码，而原生库只接受 UTF-8 文件名',
            'rename the file or folder on the disk (a name that is only converted in the program names no file), '
                . 'or use a folder whose name is ASCII',
            '请在磁盘上重命名该文件或目录（仅在程序中转换名称会找不到文件），或改用名称为 ASCII 的目录',
            $field,
        );
    }

    private static function badValue(?string $field, #[\SensitiveParameter] mixed $item): InvalidCallException
    {
        [$what, $whatZh] = match (true) {
            is_float($item) && is_nan($item) => ['NAN is no number', 'NAN 不是数字'],
            is_float($item) => ['INF is no finite number', 'INF 不是有限的数字'],
            default => [get_debug_type($item) . ' cannot be written as JSON', get_debug_type($item) . ' 无法写为 JSON'],
        };
        return InvalidCallException::of(
            'bad_json',
            $field === null ? 'the values cannot be written as JSON: they are nested too deeply' : $what,
            $field === null ? '这些值嵌套过深，无法写为 JSON' : $whatZh,
            'give finite numbers, texts, booleans, and arrays of these',
            '请使用有限的数字、文本、布尔值及由其组成的数组',
            $field,
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

    /**
     * Finds the first value that JSON has no form for.
     *
     * @param array<mixed> $value
     *
     * @return ?array{string, mixed} its path, and itself
     */
    private static function unwritable(#[\SensitiveParameter] array $value, string $path, int $depth = 0): ?array
    {
        foreach ($depth < self::DEPTH ? $value : [] as $key => $item) {
            if (!self::isWritable($key)) {
                return [ltrim("$path.key", '.'), $key];
            }
            $here = match (true) {
                is_int($key) => "{$path}[$key]",
                $path === '' => $key,
                default => "$path.$key",
            };
            if (!self::isWritable($item)) {
                return [$here, $item];
            }
            $item = is_object($item) ? (array) $item : $item;
            if (is_array($item) && ($found = self::unwritable($item, $here, $depth + 1)) !== null) {
                return $found;
            }
        }
        return null;
    }

    private static function isWritable(#[\SensitiveParameter] mixed $item): bool
    {
        return match (true) {
            is_string($item) => preg_match('//u', $item) === 1,
            is_float($item) => is_finite($item),
            is_object($item) => !$item instanceof \UnitEnum || $item instanceof \BackedEnum,
            default => !is_resource($item) && gettype($item) !== 'resource (closed)',
        };
    }
}
