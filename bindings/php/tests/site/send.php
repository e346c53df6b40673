<?php

declare(strict_types=1);

// Sends an order whose document holds its number, and says what came of it.

require_once $_SERVER['WSD_PACKAGE'] . '/autoload.php';
require_once __DIR__ . '/../Support/Orders.php';

use WoSignDoc\Client;
use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Tests\Support\Orders;

header('Content-Type: application/json');
try {
    $client = Client::fromFile($_SERVER['WSD_CLIENT']);
    $number = (string) $_GET['number'];
    $document = file_get_contents(Orders::root() . '/examples/contract.pdf') . "\n% number $number .\n";
    $result = $client->create(Orders::good($number, DocumentSource::bytes($document)));
    echo json_encode([
        'signid' => $result->signid,
        'orderNumber' => $result->orderNumber,
        'pid' => getmypid(),
        'opcache' => opcache_get_status(false)['opcache_enabled'] ?? false,
    ]);
} catch (WoSignDocException $error) {
    http_response_code(500);
    echo json_encode($error->toArray() + ['text' => $error->getMessage()]);
}
