<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

use WoSignDoc\Host;
use WoSignDoc\Native\Json;
use WoSignDoc\Push\SafeFile;

/**
 * The folder where documents lie until the site's function has stored them. Each has a lock beside it, which ends
 * with its process, however that ends: what is not locked any more was left by one that was killed.
 *
 * @internal
 */
final class Spool
{
    /** Seconds after which a file without a lock belongs to nobody; the same in every language. */
    private const UNLOCKED_AFTER = 3600;

    private readonly string $folder;
    /** Whether this object has looked for leftovers: what a killed process left goes when the next one starts. */
    private bool $swept = false;

    public function __construct(string $folder)
    {
        $this->folder = Host::absolute($folder);
        Json::mustBeUtf8('folder', $this->folder);
        $this->mustBeThere();
    }

    public function mustBeThere(): void
    {
        SafeFile::folder($this->folder, 'folder');
    }

    /** Returns the name of a new document's file, which goes when the object goes. */
    public function file(): SpooledFile
    {
        if (!$this->swept) {
            $this->removeLeftovers();
            $this->swept = true;
        }
        return SpooledFile::in($this->folder);
    }

    /** Removes the files of pushes whose process was killed: nobody else would, and they hold documents. */
    private function removeLeftovers(): void
    {
        $pushes = [];
        foreach (@scandir($this->folder) ?: [] as $name) {
            // While the core writes one, a dot stands before its name.
            if (preg_match('/^\.?(push-[0-9a-f]{24})\.(pdf|lock)/', $name, $found) === 1) {
                $pushes[$found[1]][$found[2] . $name] = $name;
            }
        }
        foreach ($pushes as $push => $names) {
            $lock = "$this->folder/$push.lock";
            $locked = is_file($lock) && !SpooledFile::isForsaken($lock);
            // The lock goes last: it tells of the others.
            krsort($names);
            foreach ($locked ? [] : $names as $name) {
                if (isset($names["lock$push.lock"]) || self::isOld("$this->folder/$name")) {
                    @unlink("$this->folder/$name");
                }
            }
        }
    }

    private static function isOld(string $file): bool
    {
        clearstatcache(true, $file);
        return is_file($file) && @filemtime($file) < time() - self::UNLOCKED_AFTER;
    }
}
