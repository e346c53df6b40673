<?php

declare(strict_types=1);

// The callback URL: what the platform pushes to. SIGNED_PDF says where the document goes.

require __DIR__ . '/../../bindings/php/autoload.php';

// [receive]
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\ReceivedPush;

// The function runs only for a document that arrived whole and whose hash held. The platform is told "1"
// when it has returned; when it throws, the platform pushes again.
$store = function (ReceivedPush $push): void {
    if ($push->failed()) {
        error_log('the order failed: ' . implode(', ', $push->errorCodes));
        return;
    }
    $push->saveAs((string) getenv('SIGNED_PDF'));
};

$folder = (string) getenv('PUSH_FOLDER');
(new PushEndpoint($store, $folder, new FileDeliveryStore("$folder/deliveries")))->serve();
// [/receive]
