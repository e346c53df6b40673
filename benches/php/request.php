<?php

declare(strict_types=1);

// One request of a site that sends an order, served by php-fpm: the time from its first line to its last, and the
// time of opening the client or the handle and sending.

$first = hrtime(true);
if ($_GET['way'] === 'curl') {
    require_once __DIR__ . '/order.php';
    $body = file_get_contents($_SERVER['WSD_BENCH'] . '/body.json');
    $start = hrtime(true);
    $curl = curl($_SERVER['WSD_BENCH'], $body);
    $good = str_contains((string) curl_exec($curl), '"status":1');
    curl_close($curl);
} else {
    require_once $_SERVER['WSD_PACKAGE'] . '/autoload.php';
    require_once __DIR__ . '/order.php';
    WoSignDoc\Native\Library::get();
    document();
    $start = hrtime(true);
    $client = WoSignDoc\Client::fromFile($_SERVER['WSD_BENCH'] . '/client.json');
    $good = $client->create(order())->signid === 'S-1';
}
$end = hrtime(true);
echo json_encode([$good, $end - $start, $end - $first]);
