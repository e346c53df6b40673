<?php

declare(strict_types=1);

// The callback URL of a site that keeps its contracts in a database: PUSH_DATABASE names it, as PDO does, and
// PUSH_FOLDER says where documents lie on their way.

require __DIR__ . '/../../bindings/php/autoload.php'; // or Composer's vendor/autoload.php

// [database]
use WoSignDoc\Delivery\PdoDeliveryStore;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\ReceivedPush;

$pdo = new PDO((string) getenv('PUSH_DATABASE'), options: [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$deliveries = new PdoDeliveryStore($pdo);
$deliveries->createTable();

$store = function (ReceivedPush $push) use ($pdo): void {
    // Forwards only: the push may come before create() has returned, and this function may run again.
    $update = $pdo->prepare(
        "UPDATE contract SET state = ?, document = ? WHERE order_number = ? AND state IN ('sending', 'accepted')"
    );
    $update->bindValue(1, $push->failed() ? 'failed' : 'signed');
    $update->bindValue(2, $push->failed() ? null : $push->document(), PDO::PARAM_LOB);
    $update->bindValue(3, $push->orderNumber);
    $update->execute();
    $known = $pdo->prepare('SELECT COUNT(*) FROM contract WHERE order_number = ?');
    $known->execute([$push->orderNumber]);
    if ((int) $known->fetchColumn() === 0) {
        throw new RuntimeException("there is no contract $push->orderNumber"); // so it is not acknowledged
    }
};

(new PushEndpoint($store, getenv('PUSH_FOLDER') . '/incoming', $deliveries))->serve();
// [/database]
