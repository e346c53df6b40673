<?php

declare(strict_types=1);

namespace WoSignDoc;

use WoSignDoc\Exception\FileException;

/**
 * A file that goes when this object goes, unless another process made it (a forked child must not take
 * away its parent's).
 *
 * @internal
 */
final class TemporaryFile
{
    private readonly int $owner;
    private readonly int $ending;

    public function __construct(public readonly string $path)
    {
        $this->owner = Host::pid();
        $this->ending = ScriptEnd::insteadOfDestructor(static fn () => self::remove($path));
    }

    /**
     * Makes one that holds what was read of a stream already, and the rest of it.
     *
     * @param \Closure(): string $next the next piece; empty at the end
     *
     * @throws FileException
     */
    public static function holding(#[\SensitiveParameter] string $start, \Closure $next): self
    {
        $path = @tempnam(sys_get_temp_dir(), 'wosigndoc');
        $file = $path === false ? false : @fopen($path, 'wb');
        if ($path === false || $file === false) {
            throw self::unwritable(sys_get_temp_dir());
        }
        $temporary = new self($path);
        $piece = $start;
        do {
            $written = @fwrite($file, $piece) === strlen($piece);
        } while ($written && ($piece = $next()) !== '');
        $written = $written && @fflush($file);
        fclose($file);
        return $written ? $temporary : throw self::unwritable($path);
    }

    private static function unwritable(string $path): FileException
    {
        return FileException::of(
            'file_unwritable',
            "a temporary file cannot be written: $path",
            "无法写入临时文件：$path",
        );
    }

    private static function remove(string $path): void
    {
        // It may have been moved, and an error handler of the site's hears of every failure, suppressed or not.
        clearstatcache(true, $path);
        if (is_file($path)) {
            @unlink($path);
        }
    }

    public function __destruct()
    {
        if ($this->owner === Host::pid()) {
            ScriptEnd::forget($this->ending);
            self::remove($this->path);
        }
    }
}
