<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\NativeLibraryException;
use WoSignDoc\Host;
use WoSignDoc\OpenBasedir;

/**
 * The loaded native library. It is looked for in this order: the path given to {@see use()}, then the
 * environment's WOSIGNDOC_LIBRARY (either of these alone is taken, or fails), then the one that came with
 * the package, then the system's.
 */
final class Library
{
    /** The ABI number that this package speaks. */
    public const ABI = 1;

    private static ?string $chosen = null;
    private static ?self $loaded = null;

    private function __construct(
        /** @internal */
        public readonly \FFI $ffi,
        /** The file, or the name that the system's loader found it by. */
        public readonly string $path,
    ) {
    }

    /**
     * Chooses the native library's file, for this request or process, before anything else is called.
     *
     * @throws NativeLibraryException when it cannot be used, or another one is loaded already
     */
    public static function use(string $path): self
    {
        if (self::$loaded !== null && self::$loaded->path !== $path) {
            throw NativeLibraryException::tried(
                ["{$path}：已加载 " . self::$loaded->path => $path . ': ' . self::$loaded->path . ' is loaded already'],
                'Call Library::use() before any other call of this package.',
                '请在调用本包的其他功能之前调用 Library::use()。',
            );
        }
        self::$chosen = $path;
        return self::get();
    }

    /**
     * Returns the library, loaded at the first call.
     *
     * @throws NativeLibraryException naming every place tried and why it failed
     */
    public static function get(): self
    {
        return self::$loaded ??= self::load();
    }

    private static function load(): self
    {
        if (!class_exists(\FFI::class)) {
            throw NativeLibraryException::tried(
                ['无：此 PHP 没有 FFI 扩展' => 'nowhere: PHP has no FFI extension here'],
                'Install and enable it (php.ini: extension=ffi).',
                '请安装并启用 FFI 扩展（php.ini 中设置 extension=ffi）。',
            );
        }
        $failures = [];
        [$advice, $adviceZh] = [
            'Install the package that holds it for this machine, or set WOSIGNDOC_LIBRARY to its file.',
            '请安装适用于本机的软件包，或将 WOSIGNDOC_LIBRARY 设为库文件的路径。',
        ];
        foreach (self::places() as $path => $origin) {
            try {
                return new self(self::open($path), $path);
            } catch (\Throwable $error) {
                if (self::isRestricted($error)) {
                    throw self::restricted();
                }
                $inChinese = $error instanceof FileException ? $error->messageZh : self::inChinese($path);
                $failures["{$path}：$inChinese"] = "$path ($origin): " . $error->getMessage();
                if ($error instanceof FileException) {
                    [$advice, $adviceZh] = [$error->advice, $error->adviceZh];
                }
            }
        }
        throw NativeLibraryException::tried($failures, $advice, $adviceZh);
    }

    /** Says in Chinese what kept a file from being used; the details are the loader's, and English. */
    private static function inChinese(string $path): string
    {
        return str_contains($path, '/') && !is_file($path) ? '没有该文件' : '无法加载，或版本与本包不符';
    }

    /** @return array<string, string> path => where it comes from */
    private static function places(): array
    {
        if (self::$chosen !== null) {
            return [self::$chosen => 'given to Library::use()'];
        }
        $variable = getenv('WOSIGNDOC_LIBRARY');
        if (is_string($variable) && $variable !== '') {
            return [$variable => 'from WOSIGNDOC_LIBRARY'];
        }
        $name = match (PHP_OS_FAMILY) {
            'Windows' => 'wosigndoc.dll',
            'Darwin' => 'libwosigndoc.dylib',
            default => 'libwosigndoc.so',
        };
        $system = PHP_OS_FAMILY === 'Linux' ? $name . '.' . self::ABI : $name;
        return [
            self::folder() . '/' . self::platform() . "/$name" => 'packaged',
            $system => "the system's",
        ];
    }

    /** Returns the folder of this machine's native file, such as `linux-x86_64`. */
    private static function platform(): string
    {
        return strtolower(PHP_OS_FAMILY . '-' . Host::machine());
    }

    private static function folder(): string
    {
        return dirname(__DIR__, 2) . '/native';
    }

    private static function open(string $path): \FFI
    {
        if (str_contains($path, '/')) {
            OpenBasedir::mustAllow($path);
        }
        if (str_contains($path, '/') && !is_file($path)) {
            throw new \RuntimeException('there is no such file');
        }
        try {
            $ffi = \FFI::cdef(Declarations::C, $path);
        } catch (\FFI\Exception $error) {
            throw self::isRestricted($error) ? $error : new \RuntimeException(self::whyNot($path, $error));
        }
        return $ffi->wsd_abi_version() === self::ABI ? $ffi : throw self::otherAbi($ffi->wsd_abi_version());
    }

    /** Says why a file cannot be used: symbols are looked up at once, so an old library fails before it is asked. */
    private static function whyNot(string $path, \FFI\Exception $error): string
    {
        if (str_contains($error->getMessage(), 'loading')) {
            return self::loaderSays($path);
        }
        try {
            $abi = \FFI::cdef('uint32_t wsd_abi_version(void);', $path)->wsd_abi_version();
        } catch (\FFI\Exception) {
            return 'is not a wosigndoc library: it has no function wsd_abi_version';
        }
        return $abi === self::ABI
            ? 'is older than this package: ' . $error->getMessage()
            : self::otherAbi($abi)->getMessage();
    }

    private static function otherAbi(int $abi): \RuntimeException
    {
        return new \RuntimeException("has ABI $abi, this package needs ABI " . self::ABI);
    }

    /** Says why the system's loader refuses a file; PHP leaves that out. */
    private static function loaderSays(string $path): string
    {
        try {
            $loader = \FFI::cdef('void *dlopen(const char *file, int flags); char *dlerror(void);');
            $lazy = 1;
            $reason = $loader->dlopen($path, $lazy) === null ? $loader->dlerror() : null;
            return $reason instanceof \FFI\CData ? \FFI::string($reason) : 'cannot be loaded';
        } catch (\FFI\Exception) {
            return 'cannot be loaded';
        }
    }

    private static function isRestricted(\Throwable $error): bool
    {
        return $error instanceof \FFI\Exception && str_contains($error->getMessage(), 'restricted');
    }

    private static function restricted(): NativeLibraryException
    {
        $preload = dirname(__DIR__, 2) . '/preload.php';
        return NativeLibraryException::tried(
            ['无：此 PHP 只允许预加载的代码使用 FFI（ffi.enable=preload）' =>
                'nowhere: this PHP allows FFI only to preloaded code (ffi.enable=preload)'],
            "Set opcache.preload=$preload in php.ini (with opcache.preload_user), or ffi.enable=true.",
            "请在 php.ini 中设置 opcache.preload={$preload}（及 opcache.preload_user），或设置 ffi.enable=true。",
        );
    }
}
