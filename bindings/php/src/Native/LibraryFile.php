<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

/**
 * Looks at a library's file before the system's loader does: that one ends the process over a file that is cut off, and
 * says little of one for another processor.
 *
 * @internal
 */
final class LibraryFile
{
    /** The bytes of ELF's header for 64 bits. */
    private const HEADER = 64;

    /** Numbers of ELF (e_machine) => what the processors are called. */
    private const PROCESSORS = [3 => 'i386', 21 => 'ppc64', 22 => 's390x', 40 => 'arm', 62 => 'x86_64', 183 => 'aarch64',
        243 => 'riscv64', 258 => 'loongarch64'];

    /** What filetype() says, in English and in Chinese. */
    private const KINDS = ['dir' => ['a folder', '目录'], 'fifo' => ['a FIFO', ' FIFO'], 'char' => ['a device', '设备'],
        'block' => ['a device', '设备']];

    /**
     * Says why a file cannot be a library of this process.
     *
     * @param ?string $processor this process's; null: it is not known
     * @param string $family as PHP_OS_FAMILY
     *
     * @return ?array{string, string} in English and in Chinese; null: nothing is wrong with it that can be seen
     */
    public static function fault(string $path, ?string $processor, string $family = PHP_OS_FAMILY): ?array
    {
        if (!file_exists($path)) {
            return ['there is no such file', '没有该文件'];
        }
        if (!is_file($path)) {
            [$kind, $kindZh] = self::KINDS[@filetype((string) realpath($path))] ?? ['a socket, or the like', '套接字等'];
            return ["is no regular file, but $kind", "不是普通文件，而是{$kindZh}"];
        }
        $start = $family === 'Linux' && is_readable($path)
            ? @file_get_contents($path, false, null, 0, self::HEADER)
            : false;
        return $start === false ? null : self::faultOfElf($start, (int) @filesize($path), $processor);
    }

    /**
     * Judges the beginning of a file of so many bytes.
     *
     * @return ?array{string, string}
     */
    private static function faultOfElf(string $start, int $size, ?string $processor): ?array
    {
        if (!str_starts_with($start, "\x7fELF")) {
            return ['is no ELF file', '不是 ELF 文件'];
        }
        if (strlen($start) < self::HEADER) {
            return self::cutOff();
        }
        [$is64Bit, $isLittle] = [ord($start[4]) === 2, ord($start[5]) === 1];
        $machine = unpack($isLittle ? 'v' : 'n', $start, 18)[1];
        $for = self::PROCESSORS[$machine] ?? "ELF machine $machine";
        if ($processor !== null && $for !== $processor) {
            return ["is for $for, this process is $processor", "用于 {$for}，本进程是 $processor"];
        }
        // The table of sections is the last of a file.
        $sections = $is64Bit && $isLittle ? unpack('Pat/x10/vsize/vcount', $start, 40) : null;
        return $sections !== null && $sections['at'] + $sections['size'] * $sections['count'] > $size
            ? self::cutOff()
            : null;
    }

    /** @return array{string, string} */
    private static function cutOff(): array
    {
        return ['is cut off: copy it again', '不完整：请重新复制'];
    }
}
