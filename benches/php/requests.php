<?php

declare(strict_types=1);

// Orders of 2 KB, each sent by a request of its own that php-fpm serves: this package, whose connection outlives the
// request, beside a new curl handle each. In turn, a block of requests each, as a site's worker serves the same script
// again and again; the medians.

require __DIR__ . '/../../bindings/php/tests/bootstrap.php';
require __DIR__ . '/order.php';

use WoSignDoc\Client;
use WoSignDoc\Tests\Support\FpmSite;

const ROUNDS = 10;
const BLOCK = 40;
const TARGET = 15.0;

/** @param list<float> $list */
function median(array $list): float
{
    sort($list);
    return $list[intdiv(count($list), 2)];
}

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
    $whole = $times;
    for ($at = 0; $at < ROUNDS * BLOCK * 2; $at++) {
        $way = intdiv($at, BLOCK) % 2 === 0 ? 'curl' : 'wosigndoc';
        [, $text] = $site->ask("request.php?way=$way");
        [$good, $sending, $script] = json_decode($text, true) ?? exit($text . $site->log());
        $good || exit("$way failed\n");
        $times[$way][] = $sending / 1e6;
        $whole[$way][] = $script / 1e6;
    }
    $site->stop();
    [$median, $script] = [array_map(median(...), $times), array_map(median(...), $whole)];
    $ratio = $median['curl'] / $median['wosigndoc'];
    printf("php-fpm, %-18s new curl handle %.3f ms, client opened and order sent %.3f ms\n", $mode, $median['curl'], $median['wosigndoc']);
    printf("php-fpm, %-18s the whole script: %.3f ms, %.3f ms: %.1f times\n", $mode, $script['curl'], $script['wosigndoc'], $script['curl'] / $script['wosigndoc']);
    printf("ratio php-fpm send, %s: %.1f times a new handle each, target %.1f: %s\n", $mode, $ratio, TARGET, $ratio >= TARGET ? 'reached' : 'MISSED');
    $missed |= (int) ($ratio < TARGET);
}
exit($missed);
