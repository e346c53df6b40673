<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\NativeLibraryException;
use WoSignDoc\Host;
use WoSignDoc\OpenBasedir;

/**
 * The loaded native library. It is looked for in this order: the path given to {@see use()}, then the
 * environment's WOSIGNDOC_LIBRARY (either of these alone is taken, or fails), then those that came with
 * the package for this platform, then, except on Windows, the system's.
 */
final class Library
{
    /** The ABI number that this package speaks. */
    public const ABI = 1;

    private const WITHOUT_PACKAGED = [
        'Install the whole package, whose folder native holds it for this platform, or set WOSIGNDOC_LIBRARY to its file.',
        '请安装完整的软件包（其 native 目录含有适用于本平台的库），或将 WOSIGNDOC_LIBRARY 设为库文件的路径。',
    ];

    private static ?string $chosen = null;
    private static ?self $loaded = null;

    private function __construct(
        /** @internal */
        public readonly \FFI $ffi,
        /** The file's absolute path, or the name that the system's loader found it by. */
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
        $path = self::fromHere($path);
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
            throw FfiSetup::missing();
        }
        try {
            $given = self::given();
            if ($given !== null) {
                return self::first($given, [
                    'Mend or replace this file, which Library::use() or WOSIGNDOC_LIBRARY names.',
                    '请修复或更换该文件；它由 Library::use() 或 WOSIGNDOC_LIBRARY 指定。',
                ]);
            }
            return self::unnamed(Platform::current());
        } catch (\FFI\Exception $error) {
            throw FfiSetup::isRestricted($error) ? FfiSetup::restricted() : $error;
        }
    }

    /** Loads the package's or the system's. @throws NativeLibraryException */
    private static function unnamed(Platform $platform): self
    {
        $places = self::places($platform);
        $unsupported = $platform->unsupported();
        return $unsupported === null
            ? self::first($places, self::WITHOUT_PACKAGED)
            : self::first($places, array_slice($unsupported, 2), [$unsupported[1] => $unsupported[0]]);
    }

    /**
     * Loads the first that can be used.
     *
     * @param array<string, string> $places path => where it comes from
     * @param array{string, string} $advice what to do when there is none, in English and in Chinese
     * @param array<string, string> $failures what failed before, in Chinese => in English
     *
     * @throws NativeLibraryException
     * @throws \FFI\Exception when FFI is not allowed here
     */
    private static function first(array $places, array $advice, array $failures = []): self
    {
        foreach ($places as $path => $origin) {
            try {
                $fault = self::fault($path);
                if ($fault === null) {
                    return new self(self::open($path), $path);
                }
                [$why, $whyZh] = $fault;
            } catch (FileException $error) {
                [$why, $whyZh] = [$error->getMessage(), $error->messageZh];
                $advice = [$error->advice, $error->adviceZh];
            } catch (\Throwable $error) {
                if (FfiSetup::isRestricted($error)) {
                    throw $error;
                }
                [$why, $whyZh] = self::words($error);
            }
            $failures["{$path}：$whyZh"] = "$path ($origin): $why";
        }
        throw NativeLibraryException::tried($failures, ...$advice);
    }

    /**
     * Says what is wrong with a file.
     *
     * @return ?array{string, string} in English and in Chinese
     *
     * @throws FileException when open_basedir keeps PHP from it
     */
    private static function fault(string $path): ?array
    {
        if (!self::isPath($path)) {
            return null;
        }
        OpenBasedir::mustAllow($path);
        return LibraryFile::fault($path, Platform::processor());
    }

    /**
     * Says what kept a file from being loaded. The details are the loader's, and English.
     *
     * @return array{string, string} in English and in Chinese
     */
    private static function words(\Throwable $error): array
    {
        // The C library of musl has this name, which is a text for linkers where glibc is.
        return preg_match('~(^|/)libc\.so: (invalid ELF header|cannot open)~', $error->getMessage()) === 1
            ? ['is for musl, this process runs on glibc', '用于 musl，本进程使用 glibc']
            : [$error->getMessage(), '无法加载，或版本与本包不符'];
    }

    /** Returns the one that the site names. @return ?array<string, string> path => where it comes from */
    private static function given(): ?array
    {
        if (self::$chosen !== null) {
            return [self::$chosen => 'given to Library::use()'];
        }
        $variable = getenv('WOSIGNDOC_LIBRARY');
        return is_string($variable) && $variable !== '' ? [self::fromHere($variable) => 'from WOSIGNDOC_LIBRARY'] : null;
    }

    /**
     * Returns a path that starts from the folder of now. The system's loader would start from the process's, which is
     * another one than PHP's where PHP has threads; on Windows it would look in the system's folders as well.
     */
    private static function fromHere(string $path): string
    {
        return self::isPath($path) ? Host::absolute($path) : $path;
    }

    /** @return array<string, string> path => where it comes from */
    private static function places(Platform $platform): array
    {
        $packaged = array_map(
            static fn (string $folder): string => self::folder() . "/$folder/" . $platform->file(),
            $platform->folders(),
        );
        $installed = $platform->installed(self::ABI);
        return array_fill_keys($packaged, 'packaged') + ($installed === null ? [] : [$installed => "the system's"]);
    }

    private static function folder(): string
    {
        return dirname(__DIR__, 2) . '/native';
    }

    /** Says whether it is more than a name that the system's loader looks for. */
    private static function isPath(string $path): bool
    {
        return strpbrk($path, PHP_OS_FAMILY === 'Windows' ? '/\\:' : '/') !== false;
    }

    private static function open(string $path): \FFI
    {
        $name = PHP_OS_FAMILY === 'Windows' ? WindowsLoader::find($path) : $path;
        try {
            $ffi = \FFI::cdef(Declarations::C, $name);
        } catch (\FFI\Exception $error) {
            throw FfiSetup::isRestricted($error) ? $error : new \RuntimeException(self::whyNot($name, $error));
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
        if (PHP_OS_FAMILY === 'Windows') {
            return WindowsLoader::whyNot($path);
        }
        try {
            $loader = \FFI::cdef('void *dlopen(const char *file, int flags); char *dlerror(void);');
            $lazy = 1;
            $reason = $loader->dlopen($path, $lazy) === null ? $loader->dlerror() : null;
            return $reason instanceof \FFI\CData ? \FFI::string($reason) : 'cannot be loaded';
        } catch (\FFI\Exception) {
            return 'cannot be loaded';
        }
    }
}
