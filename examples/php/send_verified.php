<?php

declare(strict_types=1);

// Sends a contract whose push push_verified.php takes, and keeps beforehand what that holds the push against. PUSH_FOLDER is
// the same folder in both: php send_verified.php CLIENT.JSON CONTRACT.PDF ORDER_NUMBER [PAGE]

require __DIR__ . '/../../bindings/php/autoload.php'; // or Composer's vendor/autoload.php

// [keep]
use WoSignDoc\Client;
use WoSignDoc\SignOrder;
use WoSignDoc\SignOrderResult;

/** Sends an order whose document is the file $contract, a PDF. */
function sendAndKeep(Client $client, SignOrder $order, string $contract): SignOrderResult
{
    // Before create(): the push may come before it has returned.
    $orders = getenv('PUSH_FOLDER') . '/orders';
    is_dir($orders) || mkdir($orders, 0700, true);
    $kept = "$orders/" . hash('sha256', $order->orderNumber);
    copy($contract, "$kept.pdf") && file_put_contents("$kept.json", $order->signersAsJson()) !== false
        || throw new RuntimeException("cannot write $kept");
    return $client->create($order);
}
// [/keep]

use WoSignDoc\DocumentSource;
use WoSignDoc\SignatureBox;
use WoSignDoc\Signer;

if ($argc !== 4 && $argc !== 5) {
    fwrite(STDERR, "usage: php send_verified.php client.json contract.pdf order-number [page]\n");
    exit(2);
}
[, $configuration, $contract, $number] = $argv;
$page = (int) ($argv[4] ?? 4);
$scan = DocumentSource::path(__DIR__ . '/../material.png');
$order = new SignOrder(
    orderNumber: $number,
    subject: '软件服务合同',
    document: DocumentSource::path($contract),
    signers: [
        Signer::organisation(
            name: '云杉软件（示例）有限公司',
            number: '91350100M000100Y43',
            pic: $scan,
            otherPic: $scan,
            boxes: [new SignatureBox($page, left: 0.17, bottom: 0.60, right: 0.37, top: 0.7414)],
        ),
        Signer::person(
            name: '李明',
            number: '11010519491231002X',
            pic: $scan,
            otherPic: $scan,
            boxes: [new SignatureBox($page, left: 0.56, bottom: 0.62, right: 0.70, top: 0.719)],
        ),
    ],
);
echo 'accepted: ' . sendAndKeep(Client::fromFile($configuration), $order, $contract)->signid . "\n";
