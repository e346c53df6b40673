<?php

declare(strict_types=1);

namespace WoSignDoc\Push;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Native\Text;

/**
 * Names that a file cannot have on Windows. Some of them fail late, and some not at all: what is written to `A:1.pdf`
 * goes into a hidden part of a file `A`, and to `NUL.pdf` nowhere. An order's number may be one of these.
 *
 * @internal
 */
final class FileName
{
    private const DEVICE = '/^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)([0-9]|\xC2[\xB9\xB2\xB3])) *(\.|$)/i';

    /**
     * Checks the name in a path.
     *
     * @param string $family as PHP_OS_FAMILY
     *
     * @throws FileException
     */
    public static function mustBeUsable(?string $path, string $family = PHP_OS_FAMILY): void
    {
        $fault = $family === 'Windows' && $path !== null ? self::fault($path) : null;
        if ($fault !== null) {
            $shown = Text::printable((string) $path);
            throw FileException::of(
                'bad_file_name',
                "Windows takes no such name: $shown: $fault[0]",
                "Windows 不接受此文件名：{$shown}：$fault[1]",
            );
        }
    }

    /** @return ?array{string, string} in English and in Chinese */
    private static function fault(string $path): ?array
    {
        // In another encoding, such as GBK, these bytes may be halves of letters.
        if (preg_match('//u', $path) !== 1) {
            return null;
        }
        $name = (string) preg_replace('~^([A-Za-z]:)?(.*[/\\\\])?~s', '', $path);
        return match (true) {
            preg_match('/[<>:"|?*]/', $name, $found) === 1 => ["it has a $found[0]", "含有 $found[0]"],
            preg_match('/[\x00-\x1f]/', $name) === 1 => ['it has a control character', '含有控制字符'],
            preg_match(self::DEVICE, $name) === 1 => ["it is a device's", '是设备名'],
            preg_match('/[. ]$/', $name) === 1 => ['it ends in a dot or a space', '以点或空格结尾'],
            default => null,
        };
    }
}
