<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

use WoSignDoc\ErrorKind;

/** The native library was not found, is not this library, or has another ABI. */
final class NativeLibraryException extends WoSignDocException
{
    /**
     * @internal
     *
     * @param array<string, string> $places every place tried, and why it failed, in Chinese and in English
     */
    public static function tried(array $places, string $advice, string $adviceZh): self
    {
        $lines = static fn (array $texts): string => implode('', array_map(static fn ($text): string => "\n  - $text", $texts));
        [$list, $listZh] = [$lines(array_values($places)), $lines(array_keys($places))];
        return self::own(
            ErrorKind::NativeLibrary,
            'native_library',
            "the native library libwosigndoc cannot be used; tried:$list\n$advice",
            "无法使用原生库 libwosigndoc，已尝试：$listZh\n$adviceZh",
            $advice,
            $adviceZh,
        );
    }
}
