<?php

declare(strict_types=1);

// One request of a site that sends an order: served by php-fpm, timed from its first line to its last.

$start = hrtime(true);
if ($_GET['way'] === 'curl') {
    require_once __DIR__ . '/order.php';
    $curl = curl($_SERVER['WSD_BENCH'], file_get_contents($_SERVER['WSD_BENCH'] . '/body.json'));
    $good = str_contains((string) curl_exec($curl), '"status":1');
    curl_close($curl);
} else {
    require_once $_SERVER['WSD_PACKAGE'] . '/autoload.php';
    require_once __DIR__ . '/order.php';
    $client = WoSignDoc\Client::fromFile($_SERVER['WSD_BENCH'] . '/client.json');
    $good = $client->create(order())->signid === 'S-1';
}
echo json_encode([$good, hrtime(true) - $start]);
