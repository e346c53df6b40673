<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

use WoSignDoc\Host;

/**
 * What the process runs on, and which files of the native library are for that.
 *
 * @internal
 */
final class Platform
{
    /** What processors are called (a system says AMD64, x86_64, arm64 …) => their names in the package's folders. */
    private const PROCESSORS = ['x86_64' => 'x86_64', 'amd64' => 'x86_64', 'x64' => 'x86_64', 'x86-64' => 'x86_64',
        'aarch64' => 'aarch64', 'arm64' => 'aarch64'];

    /** The processors that each system's libraries are built for. */
    private const BUILT = ['Linux' => ['x86_64', 'aarch64'], 'Windows' => ['x86_64']];

    private const FILES = ['Windows' => 'wosigndoc.dll', 'Darwin' => 'libwosigndoc.dylib'];

    private function __construct(
        private readonly string $family,
        private readonly string $machine,
        private readonly int $bits,
        private readonly bool $musl,
    ) {
    }

    /** Returns that of this process. @throws \FFI\Exception when FFI is not allowed here */
    public static function current(): self
    {
        return self::of(PHP_OS_FAMILY, Host::machine(), PHP_INT_SIZE, PHP_OS_FAMILY === 'Linux' && self::runsOnMusl());
    }

    /**
     * Returns the one that these facts tell of.
     *
     * @param string $family as PHP_OS_FAMILY
     * @param string $machine as php_uname('m'); empty where nobody may ask
     * @param int $intSize as PHP_INT_SIZE
     * @param bool $musl whether the process's C library is musl
     */
    public static function of(string $family, string $machine, int $intSize, bool $musl): self
    {
        return new self($family, $machine, $intSize * 8, $musl);
    }

    /**
     * Returns the package's folders that hold a library for it, the likeliest first; none where it has none. Each
     * further one is tried only when those before have failed: a library of another processor or C library is refused
     * by the system's loader, and does no harm.
     *
     * @return list<string>
     */
    public function folders(): array
    {
        $folders = [];
        foreach ($this->bits === 64 ? $this->processors() : [] as $processor) {
            if ($this->family === 'Linux') {
                $libraries = ["linux-$processor", "linux-musl-$processor"];
                array_push($folders, ...($this->musl ? array_reverse($libraries) : $libraries));
            } else {
                $folders[] = strtolower($this->family) . "-$processor";
            }
        }
        return $folders;
    }

    /** Returns the name of the library's file. */
    public function file(): string
    {
        return self::FILES[$this->family] ?? 'libwosigndoc.so';
    }

    /**
     * Returns the name by which the system's loader knows an installed library with this ABI. Null: nothing looks for a
     * bare name on Windows, where the current folder and every folder of PATH could hand in a file.
     */
    public function installed(int $abi): ?string
    {
        return match ($this->family) {
            'Windows' => null,
            'Linux' => $this->file() . ".$abi",
            default => $this->file(),
        };
    }

    /**
     * Says why the package has no library for it, and what can be done.
     *
     * @return ?array{string, string, string, string} why and what, each in English and in Chinese; null: it has one
     */
    public function unsupported(): ?array
    {
        if ($this->folders() !== []) {
            return null;
        }
        [$why, $whyZh, $what, $whatZh] = $this->bits === 64 ? $this->otherSystem() : $this->tooFewBits();
        return [
            "nowhere: $why",
            "无：$whyZh",
            "$what, or set WOSIGNDOC_LIBRARY to a library of your own.",
            "{$whatZh}，或将 WOSIGNDOC_LIBRARY 设为自行构建的库文件。",
        ];
    }

    /** @return array{string, string, string, string} */
    private function tooFewBits(): array
    {
        // Builds for Windows are called by their processor.
        [$build, $buildZh] = $this->family === 'Windows' ? ['x64', ' x64 版'] : ['64-bit', ' 64 位'];
        return [
            "this PHP is a $this->bits-bit build (PHP_INT_SIZE), and there are 64-bit libraries only",
            "此 PHP 为 $this->bits 位版本（PHP_INT_SIZE），而原生库只有 64 位版本",
            "Install the $build build of PHP",
            "请安装{$buildZh} PHP",
        ];
    }

    /** @return array{string, string, string, string} */
    private function otherSystem(): array
    {
        $found = trim("$this->family $this->machine");
        // Windows runs programs for x64 on arm64 too.
        [$what, $whatZh] = $this->family === 'Windows'
            ? ['Install the x64 build of PHP', '请安装 x64 版 PHP']
            : ['Run PHP on one of these', '请在上述系统之一上运行 PHP'];
        return [
            "this PHP runs on $found, and there are libraries for Linux (x86_64 and aarch64, with glibc or musl) and "
                . 'Windows (x86_64)',
            "此 PHP 运行于 {$found}，而原生库只有 Linux（x86_64、aarch64，glibc 或 musl）和 Windows（x86_64）版本",
            $what,
            $whatZh,
        ];
    }

    /**
     * Returns where FFI finds functions of C. Null: among all that is loaded, where FFI for Windows does not look; but there
     * each process has this one.
     *
     * @param string $family as PHP_OS_FAMILY
     */
    public static function libc(string $family = PHP_OS_FAMILY): ?string
    {
        return $family === 'Windows' ? 'ntdll.dll' : null;
    }

    /** Returns this process's processor; null where it is not known, or has no libraries. */
    public static function processor(): ?string
    {
        // A 32-bit process may run on a 64-bit system.
        return PHP_INT_SIZE === 8 ? self::PROCESSORS[strtolower(Host::machine())] ?? null : null;
    }

    /** @return list<string> */
    private function processors(): array
    {
        $built = self::BUILT[$this->family] ?? [];
        if ($this->machine === '') {
            return $built;
        }
        $processor = self::PROCESSORS[strtolower($this->machine)] ?? '';
        return in_array($processor, $built, true) ? [$processor] : [];
    }

    /**
     * Says whether this process's C library is musl, as on Alpine: the process is asked itself. Files on the disk may
     * be of both kinds, and open_basedir keeps /proc/self/maps away.
     *
     * @throws \FFI\Exception
     */
    private static function runsOnMusl(): bool
    {
        try {
            \FFI::cdef('const char *gnu_get_libc_version(void);');
            return false;
        } catch (\FFI\Exception $error) {
            return FfiSetup::isRestricted($error) ? throw $error : true;
        }
    }
}
