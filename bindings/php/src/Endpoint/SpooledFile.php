<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Host;
use WoSignDoc\TemporaryFile;

/**
 * A document's file in the spool, with its lock. Both go when this object goes; a fatal error on Windows leaves the
 * lock, whose file is open there until PHP has ended, to the next one that looks for leftovers.
 *
 * @internal
 */
final class SpooledFile
{
    /** Locks that are made before one is held. */
    private const ATTEMPTS = 5;

    public readonly string $path;

    /** @param resource $held */
    private function __construct(
        private ?TemporaryFile $document,
        private ?TemporaryFile $lock,
        private $held,
    ) {
        $this->path = $document->path;
    }

    /** @throws FileException when nothing can be written into the folder */
    public static function in(string $folder): self
    {
        for ($attempt = 1; ; $attempt++) {
            $name = $folder . '/push-' . bin2hex(random_bytes(12));
            $lock = new TemporaryFile("$name.lock");
            $held = Host::privately(static fn () => @fopen("$name.lock", 'x'));
            if ($held === false) {
                throw FileException::of(
                    'file_unwritable',
                    "the folder $folder: nothing can be written into it",
                    "目录 {$folder}：无法在其中写入",
                    'folder',
                );
            }
            // Somebody who looks for leftovers may come between a lock's making and its locking. A disk that knows
            // no locks does without.
            $locked = flock($held, LOCK_EX | LOCK_NB) && self::isNamed($held, "$name.lock");
            if ($locked || $attempt === self::ATTEMPTS) {
                return new self(new TemporaryFile("$name.pdf"), $lock, $held);
            }
            fclose($held);
        }
    }

    /** Says whether there is a lock whose process is gone. */
    public static function isForsaken(string $lock): bool
    {
        $file = is_file($lock) ? @fopen($lock, 'r') : false;
        $free = $file !== false && flock($file, LOCK_EX | LOCK_NB);
        if ($file !== false) {
            fclose($file);
        }
        return $free;
    }

    /**
     * Says whether an open file still has its name. On Windows nobody can take it away as long as it is open.
     *
     * @param resource $file
     */
    private static function isNamed($file, string $name): bool
    {
        if (PHP_OS_FAMILY === 'Windows') {
            return true;
        }
        clearstatcache(true, $name);
        return is_file($name) && fstat($file)['ino'] === fileinode($name);
    }

    public function __destruct()
    {
        // Without a lock the document would be taken for a leftover, and Windows removes no file that is open.
        $this->document = null;
        fclose($this->held);
        $this->lock = null;
    }
}
