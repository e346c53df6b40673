<?php

declare(strict_types=1);

// A page that takes a contract from a browser, and says what would be sent of it.

require_once $_SERVER['WSD_PACKAGE'] . '/autoload.php';

use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Protocol;
use WoSignDoc\SignOrder;

header('Content-Type: application/json');
try {
    $order = new SignOrder('U-1', [], DocumentSource::upload($_FILES['pdf'] ?? []));
    $wire = json_decode(Protocol::wire(new \WoSignDoc\RawOrder(
        json_encode(['signerlist' => json_decode($_POST['signers'], true)] + json_decode($order->toRaw()->json, true)),
        $order->toRaw()->attachments,
    ), '{"tokenid":"t"}'), true);
    echo json_encode(['format' => $wire['fileformat'], 'document' => base64_decode($wire['filebase'])]);
} catch (WoSignDocException $error) {
    echo json_encode(['reason' => $error->reason, 'message' => $error->getMessage(), 'zh' => $error->messageZh]);
}
