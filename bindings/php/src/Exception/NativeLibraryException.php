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
     * @param list<string> $places every place tried, and why it failed
     */
    public static function tried(array $places, string $advice, string $adviceZh): self
    {
        $list = implode('', array_map(static fn (string $place): string => "\n  - $place", $places));
        return self::own(
            ErrorKind::NativeLibrary,
            'native_library',
            "the native library libwosigndoc cannot be used; tried:$list\n$advice",
            "无法使用原生库 libwosigndoc，已尝试：$list\n$adviceZh",
            $advice,
            $adviceZh,
        );
    }
}
