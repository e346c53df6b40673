<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

use WoSignDoc\Exception\NativeLibraryException;

/**
 * Says what keeps PHP from using FFI, and where to change that.
 *
 * @internal
 */
final class FfiSetup
{
    /** Says whether FFI is there, but not allowed to this script. */
    public static function isRestricted(\Throwable $error): bool
    {
        return $error instanceof \FFI\Exception && str_contains($error->getMessage(), 'restricted');
    }

    /** Makes the error of a PHP without FFI. */
    public static function missing(): NativeLibraryException
    {
        return NativeLibraryException::tried(
            ['无：此 PHP 没有 FFI 扩展' => 'nowhere: PHP has no FFI extension here'],
            ...self::toInstall(PHP_OS_FAMILY, self::iniFile(), PHP_MAJOR_VERSION . PHP_MINOR_VERSION),
        );
    }

    /** Makes the error of a PHP that does not allow this script to use FFI. */
    public static function restricted(): NativeLibraryException
    {
        $preload = dirname(__DIR__, 2) . '/preload.php';
        $preloads = strtolower((string) ini_get('ffi.enable')) === 'preload';
        return NativeLibraryException::tried(
            $preloads
                ? ['无：此 PHP 只允许预加载的代码使用 FFI（ffi.enable=preload）' =>
                    'nowhere: this PHP allows FFI only to preloaded code (ffi.enable=preload)']
                : ['无：此 PHP 不允许使用 FFI（ffi.enable=false）' => 'nowhere: this PHP does not allow FFI (ffi.enable=false)'],
            ...self::toAllow(PHP_OS_FAMILY, self::iniFile(), $preloads ? $preload : null),
        );
    }

    /**
     * Says how the extension is installed.
     *
     * @param string $family as PHP_OS_FAMILY
     * @param ?string $ini the php.ini that PHP has read; null: none
     * @param string $version PHP's, as packages are named by it: 83
     *
     * @return array{string, string} in English and in Chinese
     */
    public static function toInstall(string $family, ?string $ini, string $version): array
    {
        [$where, $whereZh] = self::where($family, $ini);
        return match ($family) {
            'Windows' => [
                "Set extension=ffi in $where (extension_dir is the folder that php_ffi.dll lies in), then restart the "
                    . 'web server.',
                "请在 {$whereZh} 中设置 extension=ffi（extension_dir 为 php_ffi.dll 所在目录），然后重启 Web 服务器。",
            ],
            'Linux' => [
                "Install and enable it: extension=ffi in $where (on Alpine: apk add php$version-ffi).",
                "请安装并启用 FFI 扩展：在 {$whereZh} 中设置 extension=ffi（Alpine：apk add php$version-ffi）。",
            ],
            default => [
                "Install and enable it: extension=ffi in $where.",
                "请安装并启用 FFI 扩展：在 {$whereZh} 中设置 extension=ffi。",
            ],
        };
    }

    /**
     * Says how FFI is allowed to web scripts.
     *
     * @param string $family as PHP_OS_FAMILY
     * @param ?string $ini the php.ini that PHP has read; null: none
     * @param ?string $preload the file to preload; null: PHP would not allow FFI to preloaded code either
     *
     * @return array{string, string} in English and in Chinese
     */
    public static function toAllow(string $family, ?string $ini, ?string $preload): array
    {
        [$where, $whereZh] = self::where($family, $ini);
        // PHP for Windows cannot preload, and does not start when it is told to.
        return match (true) {
            $family === 'Windows' => [
                "Set ffi.enable=true in $where, then restart the web server (there is no opcache.preload on Windows).",
                "请在 {$whereZh} 中设置 ffi.enable=true，然后重启 Web 服务器（Windows 上没有 opcache.preload）。",
            ],
            $preload === null => ["Set ffi.enable=true in $where.", "请在 {$whereZh} 中设置 ffi.enable=true。"],
            default => [
                "Set opcache.preload=$preload in $where (with opcache.preload_user), or ffi.enable=true.",
                "请在 {$whereZh} 中设置 opcache.preload={$preload}（及 opcache.preload_user），或设置 ffi.enable=true。",
            ],
        };
    }

    /** @return array{string, string} */
    private static function where(string $family, ?string $ini): array
    {
        return match (true) {
            $ini !== null => [$ini, $ini],
            // As it is unpacked there it has none.
            $family === 'Windows' => [
                "php.ini (PHP has read none: copy php.ini-production, beside php.exe, to php.ini)",
                'php.ini（PHP 未读取任何 php.ini：请将 php.exe 旁的 php.ini-production 复制为 php.ini）',
            ],
            default => ['php.ini', 'php.ini'],
        };
    }

    private static function iniFile(): ?string
    {
        $file = function_exists('php_ini_loaded_file') ? php_ini_loaded_file() : false;
        return $file === false ? null : Text::printable($file);
    }
}
