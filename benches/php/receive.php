<?php

declare(strict_types=1);

// Receiving a pushed document of 10 MB: this package beside what PHP does by itself. One process, rounds taken in
// turn, the best of each.

require __DIR__ . '/../../bindings/php/autoload.php';

use WoSignDoc\Push\PushReceiver;

const ROUNDS = 15;
const TARGET = 5.0;

ini_set('memory_limit', '1G');
$document = random_bytes(10 * 1024 * 1024);
$body = (string) json_encode([
    'actiontype' => 'PushSignedDoc',
    'status' => 1,
    'errorcode' => '0',
    'extendData' => [
        'signid' => 'a367cded-6712-4f54-8991-b6e58ef86d30',
        'ordernumber' => 'A-1',
        'content' => base64_encode($document),
        'hash' => hash('sha256', $document),
    ],
]);
unset($document);
$file = sys_get_temp_dir() . '/wosigndoc-bench-' . getmypid() . '.pdf';

$ways = [
    'json_decode + base64_decode + hash' => static function () use ($body): bool {
        $push = json_decode($body, true);
        $document = base64_decode($push['extendData']['content'], true);
        return hash_equals($push['extendData']['hash'], hash('sha256', $document));
    },
    'PushReceiver::receive, in memory' => static fn (): bool => PushReceiver::receive($body)->length === 10 * 1024 * 1024,
    'PushReceiver::receive, into a file on disk' => static fn (): bool => PushReceiver::receive($body, $file)->length === 10 * 1024 * 1024,
];
$best = array_fill_keys(array_keys($ways), INF);
for ($round = 0; $round < ROUNDS; $round++) {
    foreach ($ways as $name => $way) {
        $start = hrtime(true);
        $way() || exit("$name failed\n");
        $best[$name] = min($best[$name], (hrtime(true) - $start) / 1e6);
    }
}
@unlink($file);
$own = $best['json_decode + base64_decode + hash'];
foreach ($best as $name => $time) {
    printf("php receive 10 MB  %-44s %8.2f ms  %5.2f times\n", $name, $time, $own / $time);
}
$ratio = $own / $best['PushReceiver::receive, in memory'];
printf("ratio php receive 10 MB: %.2f times PHP's own, target %.1f: %s\n", $ratio, TARGET, $ratio >= TARGET ? 'reached' : 'MISSED');
exit((int) ($ratio < TARGET));
