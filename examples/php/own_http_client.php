<?php

declare(strict_types=1);

// Looks whether orders can be sent by an HTTP client of the site's own, whose key is in a PKCS#11 token, and sends one:
// php own_http_client.php CLIENT.JSON ROOTS.PEM CERTIFICATE.PEM KEY_URI

require __DIR__ . '/../../bindings/php/autoload.php';

// [transport]
use WoSignDoc\Client;
use WoSignDoc\Configuration;
use WoSignDoc\Transport\CurlTransport;

function client(string $configuration, string $roots, string $certificate, string $key): Client
{
    $transport = new CurlTransport([
        CURLOPT_CAINFO => $roots,           // for a private CA; leave it out for the real platform
        CURLOPT_SSLCERT => $certificate,
        CURLOPT_SSLENGINE => 'pkcs11',
        CURLOPT_SSLKEYTYPE => 'ENG',
        CURLOPT_SSLKEY => $key,             // such as pkcs11:token=site;object=client;pin-source=/etc/site/pin
    ]);
    echo Configuration::fromFile($configuration)->preflight(transport: $transport);
    return Client::fromFile($configuration, $transport);
}
// [/transport]

use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\SignatureBox;
use WoSignDoc\Signer;
use WoSignDoc\SignOrder;

try {
    $client = client($argv[1], $argv[2], $argv[3], $argv[4]);
    $scan = DocumentSource::path(__DIR__ . '/../material.png');
    $order = new SignOrder('PHP-' . bin2hex(random_bytes(8)), document: DocumentSource::path(__DIR__ . '/../contract.pdf'), signers: [
        Signer::person('李明', '11010519491231002X', $scan, $scan, [new SignatureBox(4, 0.56, 0.62, 0.70, 0.719)]),
    ]);
    $result = $client->create($order);
    echo "accepted: {$result->signid}\n";
} catch (WoSignDocException $error) {
    echo "{$error->reason}: {$error->getMessage()}\n";
    exit(1);
}
