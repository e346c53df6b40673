<?php

declare(strict_types=1);

// The callback URL of a site that takes only what the platform has signed: PUSH_ROOTS is the file of the platform's CA, and
// PUSH_FOLDER says where documents go. The folder `orders` in it has a file for each order, with the names of its signers.

require __DIR__ . '/../../bindings/php/autoload.php'; // or Composer's vendor/autoload.php

// [trust]
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\Verification\SignerRules;
use WoSignDoc\Verification\Verifier;
use WoSignDoc\Verification\VerifyOptions;

$folder = (string) getenv('PUSH_FOLDER');
$trust = new VerifyOptions(rootFiles: (string) getenv('PUSH_ROOTS'));

// The function runs only for a document that the platform has signed, and for the news that an order failed.
$store = function (ReceivedPush $push) use ($folder, $trust): void {
    if ($push->failed()) {
        error_log('told that an order failed, which nothing proves: ask the platform');
        return;
    }
    // Did they sign to whom it was sent? The site has noted the names before it sent the order.
    $noted = "$folder/orders/" . hash('sha256', (string) $push->orderNumber);
    $names = is_file($noted) ? file($noted, FILE_IGNORE_NEW_LINES) : throw new RuntimeException('there is no such order');
    $report = (new Verifier($trust->withSigners(new SignerRules($names, inOrder: true))))->verify($push);
    if (!$report->isValid()) {
        // So it is not acknowledged. Messages name people, codes do not.
        throw new RuntimeException('not what was ordered: ' . implode(', ', $report->codes()));
    }
    $push->saveAs("$folder/{$push->sha256}.pdf");
};

$options = new PushOptions(verify: $trust, quarantine: "$folder/quarantine");
(new PushEndpoint($store, "$folder/incoming", new FileDeliveryStore("$folder/deliveries"), options: $options))->serve();
// [/trust]
