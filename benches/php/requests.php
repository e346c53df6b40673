<?php

declare(strict_types=1);

// Orders of 2 KB, each sent by a request of its own that php-fpm serves: this package, whose connection outlives the
// request, beside a new curl handle each. In turn, the medians.

require __DIR__ . '/../../bindings/php/tests/bootstrap.php';
require __DIR__ . '/order.php';

use WoSignDoc\Client;
use WoSignDoc\Tests\Support\FpmSite;

const REQUESTS = 400;
const TARGET = 15.0;

[, $folder] = $argv;
file_put_contents("$folder/body.json", Client::fromFile("$folder/client.json")->wire(order()));
$package = dirname(__DIR__, 2) . '/bindings/php';
$user = posix_geteuid() === 0 ? ['opcache.preload_user' => 'root'] : [];
$modes = [
    'ffi.enable=true' => ['ffi.enable' => 'true'],
    'ffi.enable=preload' => ['ffi.enable' => 'preload', 'opcache.preload' => "$package/preload.php"] + $user,
];
$missed = 0;
foreach ($modes as $mode => $ini) {
    $site = new FpmSite($ini, ['WSD_BENCH' => $folder], 1, __DIR__);
    $times = ['curl' => [], 'wosigndoc' => []];
    for ($at = 0; $at < REQUESTS; $at++) {
        foreach (array_keys($times) as $way) {
            [, $text] = $site->ask("request.php?way=$way");
            [$good, $time] = json_decode($text, true) ?? exit($text . $site->log());
            $good || exit("$way failed\n");
            $times[$way][] = $time / 1e6;
        }
    }
    $site->stop();
    $median = array_map(static function (array $list): float {
        sort($list);
        return $list[intdiv(count($list), 2)];
    }, $times);
    $ratio = $median['curl'] / $median['wosigndoc'];
    printf("php-fpm request, %-20s new curl handle %.3f ms, wosigndoc %.3f ms\n", $mode, $median['curl'], $median['wosigndoc']);
    printf("ratio php-fpm send, %s: %.1f times a new handle each, target %.1f: %s\n", $mode, $ratio, TARGET, $ratio >= TARGET ? 'reached' : 'MISSED');
    $missed |= (int) ($ratio < TARGET);
}
exit($missed);
