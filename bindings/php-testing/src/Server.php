<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/**
 * Where the program wosigndoc-server is.
 *
 * @internal
 */
final class Server
{
    /** The environment's name for it. */
    private const VARIABLE = 'WOSIGNDOC_SERVER';

    /**
     * Returns its path.
     *
     * @param ?string $given what the options name
     *
     * @throws SandboxException when there is none, with every place that was tried
     */
    public static function find(?string $given): string
    {
        $named = array_filter(['the option server' => $given, self::VARIABLE => getenv(self::VARIABLE) ?: null]);
        foreach ($named as $by => $path) {
            // Whoever names one means that one, and no other.
            return self::isProgram($path) ? $path : throw new SandboxFailedException(
                "$by names $path, which is not a program that can be started: name the file wosigndoc-server",
                "{$by} 所指的 {$path} 不是可执行的程序：请指定 wosigndoc-server 文件",
            );
        }
        $places = self::places();
        foreach ($places as $path) {
            if (self::isProgram($path)) {
                return $path;
            }
        }
        throw new SandboxFailedException(
            'the program wosigndoc-server, which is the sandbox, was not found. It is in the archive '
                . 'wosigndoc-server-VERSION-PLATFORM of each release, and `cargo build -p wosigndoc-server` makes it from the '
                . 'sources. Name it in ' . self::VARIABLE . ', or put it into one of these places:',
            '找不到沙箱程序 wosigndoc-server。它在每个版本的 wosigndoc-server-VERSION-PLATFORM 压缩包中，也可用 '
                . '`cargo build -p wosigndoc-server` 从源代码构建。请将其路径写入 ' . self::VARIABLE . '，或放到以下位置之一：',
            implode("\n", $places),
        );
    }

    /** @return list<string> the package's own folder first */
    private static function places(): array
    {
        $name = 'wosigndoc-server' . (PHP_OS_FAMILY === 'Windows' ? '.exe' : '');
        $path = array_filter(array_unique(explode(PATH_SEPARATOR, (string) getenv('PATH'))), 'strlen');
        return array_map(
            static fn (string $folder): string => rtrim($folder, '/\\') . DIRECTORY_SEPARATOR . $name,
            [dirname(__DIR__) . '/server', ...array_values($path)],
        );
    }

    private static function isProgram(string $path): bool
    {
        return is_file($path) && is_executable($path);
    }
}
