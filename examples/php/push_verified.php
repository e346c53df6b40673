<?php

declare(strict_types=1);

// The callback URL of a site that takes only what the platform has signed, and what the site has sent by send_verified.php.
// PUSH_FOLDER says where documents go; PUSH_ROOTS is a file of the roots that the site trusts: of a sandbox, the ca.pem in
// its data folder.

require __DIR__ . '/../../bindings/php/autoload.php'; // or Composer's vendor/autoload.php

// [trust]
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\DocumentSource;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\PushOptions;
use WoSignDoc\Push\ReceivedPush;
use WoSignDoc\RawOrder;
use WoSignDoc\Verification\VerifyOptions;

$folder = (string) getenv('PUSH_FOLDER');
$trust = new VerifyOptions(rootFiles: (string) getenv('PUSH_ROOTS'));

// The function runs only for a document whose signers these roots vouch for, and for the news that an order failed.
$store = function (ReceivedPush $push) use ($folder, $trust): void {
    if ($push->failed()) {
        error_log('told that an order failed, which nothing proves: ask the platform');
        return;
    }
    // An earlier contract of the same people is valid, too: is it what was sent under this number, signed by whom it names?
    $kept = "$folder/orders/" . hash('sha256', (string) $push->orderNumber);
    is_file("$kept.json") || throw new RuntimeException('there is no such order');
    $order = new RawOrder((string) file_get_contents("$kept.json"));
    $report = $push->verify($trust->withOrder($order)->withSent(DocumentSource::path("$kept.pdf")));
    if (!$report->isValid()) {
        // So it is not acknowledged. Messages name people, codes do not.
        throw new RuntimeException('not what was ordered: ' . implode(', ', $report->codes()));
    }
    $push->saveAs("$folder/{$push->sha256}.pdf");
};

$options = new PushOptions(verify: $trust, quarantine: "$folder/quarantine");
(new PushEndpoint($store, "$folder/incoming", new FileDeliveryStore("$folder/deliveries"), options: $options))->serve();
// [/trust]
