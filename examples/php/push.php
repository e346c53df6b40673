<?php

declare(strict_types=1);

// The callback URL: what the platform pushes to. PUSH_FOLDER says where documents go: none that is served.

require __DIR__ . '/../../bindings/php/autoload.php'; // or Composer's vendor/autoload.php

// [receive]
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\ReceivedPush;

$folder = (string) getenv('PUSH_FOLDER');

// The function runs only for a document that arrived whole and whose hash held. The platform is told "1"
// when it has returned; when it throws, the platform pushes again.
$store = function (ReceivedPush $push) use ($folder): void {
    if ($push->failed()) {
        error_log('the order failed: ' . implode(', ', $push->errorCodes));
        return;
    }
    // A name of its own for each document, and never one that a stranger chose.
    $push->saveAs("$folder/{$push->sha256}.pdf");
};

(new PushEndpoint($store, "$folder/incoming", new FileDeliveryStore("$folder/deliveries")))->serve();
// [/receive]
