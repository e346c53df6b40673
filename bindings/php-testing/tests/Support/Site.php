<?php

declare(strict_types=1);

namespace WoSignDoc\Testing\Tests\Support;

use WoSignDoc\Tests\Support\Folder;
use WoSignDoc\Tests\Support\Orders;
use WoSignDoc\Tests\Support\Process;

/** A site with a folder of its own, whose callback URL PHP's own server serves; it ends with this value. */
final class Site
{
    public readonly string $folder;
    private ?Process $process = null;

    public function __construct()
    {
        $this->folder = Folder::make();
    }

    /** Serves one of the examples, on a port that the system chooses. Returns its URL. */
    public function serve(string $example): string
    {
        $script = Orders::root() . "/examples/php/$example";
        $command = [PHP_BINARY, '-d', 'ffi.enable=true', '-S', '127.0.0.1:0', $script];
        $this->process = new Process($command, $log = "$this->folder/log", ['PUSH_FOLDER' => $this->folder] + getenv());
        $found = [];
        Process::await(static function () use ($log, &$found): bool {
            return preg_match('~\((http://127\.0\.0\.1:[1-9]\d*)\) started~', (string) file_get_contents($log), $found) === 1;
        }, 'the site to listen');
        return "$found[1]/push";
    }

    public function __destruct()
    {
        $this->process?->stop();
    }
}
