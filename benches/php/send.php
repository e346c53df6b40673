<?php

declare(strict_types=1);

// Sending orders of 2 KB over kept-alive mutual TLS: this package beside PHP's curl with a reused handle, to the
// same server (benches/bench-php starts it). Rounds taken in turn, the best of each.

require __DIR__ . '/../../bindings/php/autoload.php';
require __DIR__ . '/order.php';

use WoSignDoc\Client;

const ROUNDS = 15;
const ORDERS = 200;

[, $folder] = $argv;
$client = Client::fromFile("$folder/client.json");
$body = $client->wire(order());
$curl = curl($folder, $body);
$ways = [
    'curl, handle reused, prepared body' => static function () use ($curl, $body): bool {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
        return str_contains((string) curl_exec($curl), '"status":1');
    },
    'curl, handle reused, order written' => static function () use ($curl): bool {
        curl_setopt($curl, CURLOPT_POSTFIELDS, body());
        return json_decode((string) curl_exec($curl), true)['status'] === 1;
    },
    'Client::create' => static fn (): bool => $client->create(order())->signid === 'S-1',
];
$best = array_fill_keys(array_keys($ways), INF);
for ($round = 0; $round < ROUNDS; $round++) {
    foreach ($ways as $name => $way) {
        $start = hrtime(true);
        for ($at = 0; $at < ORDERS; $at++) {
            $way() || exit("$name failed\n");
        }
        $best[$name] = min($best[$name], (hrtime(true) - $start) / 1e6 / ORDERS);
    }
}
[, $curl, $ours] = array_values($best);
foreach ($best as $name => $time) {
    printf("php send %d bytes  %-36s %.4f ms  %5.2f times\n", strlen($body), $name, $time, $curl / $time);
}
// No target: what an order costs beyond a prepared body is its judging (docs/decisions/12).
printf("ratio php send kept alive: %.2f of curl's speed\n", $curl / $ours);
