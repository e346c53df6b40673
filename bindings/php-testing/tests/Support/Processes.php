<?php

declare(strict_types=1);

namespace WoSignDoc\Testing\Tests\Support;

/** Processes of this machine, as /proc tells of them. */
final class Processes
{
    /** Says whether a process has ended; one whose parent was killed may wait for somebody to notice. */
    public static function isGone(int $id): bool
    {
        $stat = @file_get_contents("/proc/$id/stat");
        return $stat === false || str_contains($stat, ') Z ');
    }

    /** The commands of those that were started with this in their environment. @return list<string> */
    public static function with(string $variable): array
    {
        $found = [];
        foreach (glob('/proc/[0-9]*') ?: [] as $process) {
            if (str_contains("\0" . @file_get_contents("$process/environ") . "\0", "\0$variable\0")) {
                $found[] = strtr((string) @file_get_contents("$process/cmdline"), "\0", ' ');
            }
        }
        return $found;
    }
}
