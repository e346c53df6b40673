<?php

declare(strict_types=1);

namespace WoSignDoc;

/**
 * Takes the steps that must be taken in whatever way the script ends: exit() skips `finally`, and after a fatal
 * error (memory, time) PHP runs no destructor either, but its shutdown functions.
 *
 * @internal
 */
final class ScriptEnd
{
    /** Bytes that are given back first: a script that ran out of memory has none left for the steps. */
    private const RESERVE = 65536;

    /** @var array<int, array{int, bool, \Closure(): mixed}> process, whether a destructor would do it too, step */
    private static array $steps = [];
    private static int $last = 0;
    private static ?string $reserve = null;
    private static ?self $probe = null;
    private static bool $destructorsRun = false;

    private function __construct()
    {
    }

    /** Adds a step for the end of a script that is cut off before {@see forget()}. @return int its number */
    public static function always(\Closure $step): int
    {
        return self::add($step, false);
    }

    /** Adds a step that stands in for a destructor: not taken where PHP still runs these. @return int its number */
    public static function insteadOfDestructor(\Closure $step): int
    {
        return self::add($step, true);
    }

    /** Drops a step that is not needed any more. */
    public static function forget(int $number): void
    {
        unset(self::$steps[$number]);
    }

    private static function add(\Closure $step, bool $destructor): int
    {
        // Once for all of them: a server that answers many requests in one script would pile up functions.
        if (self::$reserve === null) {
            self::$reserve = str_repeat("\0", self::RESERVE);
            self::$probe = new self();
            Host::atTheEnd(self::run(...));
        }
        self::$steps[++self::$last] = [Host::pid(), $destructor, $step];
        return self::$last;
    }

    private static function run(): void
    {
        self::$reserve = null;
        self::$destructorsRun = false;
        self::$probe = null;
        foreach (self::$steps as $number => [$process, $destructor, $step]) {
            // A destructor runs later than the site's own shutdown functions, which may still use its object.
            if ($destructor && self::$destructorsRun) {
                continue;
            }
            unset(self::$steps[$number]);
            // A forked child that ends must leave alone what its parent is at.
            if ($process === Host::pid()) {
                self::take($step);
            }
        }
    }

    private static function take(\Closure $step): void
    {
        try {
            $step();
        } catch (\Throwable) {
            // The others are taken all the same.
        }
    }

    /** Notes that destructors run; after a fatal error PHP does not call the probe's. */
    public function __destruct()
    {
        self::$destructorsRun = true;
    }
}
