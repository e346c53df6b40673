<?php

declare(strict_types=1);

use WoSignDoc\DocumentSource;
use WoSignDoc\SignatureBox;
use WoSignDoc\Signer;
use WoSignDoc\SignOrder;

/** The document of every order. */
function document(): string
{
    static $document = null;
    return $document ??= random_bytes(900);
}

/** An order whose request body has about 2 KB. */
function order(): SignOrder
{
    return new SignOrder(
        orderNumber: 'A-1',
        document: DocumentSource::bytes(document()),
        fileFormat: 'pdf',
        subject: '软件服务合同',
        signers: [Signer::organisation(
            '云杉软件（示例）有限公司',
            '91350100M000100Y43',
            DocumentSource::bytes(str_repeat('p', 150)),
            DocumentSource::bytes(str_repeat('o', 150)),
            [new SignatureBox(1, 0.62, 0.32, 0.82, 0.4614)],
        )],
    );
}

/** The same order as PHP writes it by itself. */
function body(): string
{
    return (string) json_encode([
        'tokenid' => 'T-1',
        'actiontype' => 'CreateSignOrder',
        'tempid' => '',
        'subject' => '软件服务合同',
        'password' => '',
        'filebase' => base64_encode(document()),
        'fileformat' => 'pdf',
        'orderNumber' => 'A-1',
        'signerlist' => [[
            'signType' => 1,
            'orgName' => '云杉软件（示例）有限公司',
            'orgNo' => '91350100M000100Y43',
            'stampbase' => '',
            'pic' => base64_encode(str_repeat('p', 150)),
            'otherpic' => base64_encode(str_repeat('o', 150)),
            'signlist' => [['pagenumber' => 1, 'position' => '0.62,0.32,0.82,0.4614']],
        ]],
    ], JSON_UNESCAPED_UNICODE);
}

/** PHP's curl, set up for the same server. */
function curl(string $folder, string $body): CurlHandle
{
    $settings = json_decode((string) file_get_contents("$folder/client.json"), true);
    $curl = curl_init($settings['endpoint']) ?: exit("no curl\n");
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_SSLCERT => $settings['identity']['certificate_file'],
        CURLOPT_SSLKEY => $settings['identity']['key_file'],
        CURLOPT_CAINFO => $settings['roots']['ca_file'],
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => ['Content-Type: application/json; charset=utf-8', 'Expect:'],
    ]);
    return $curl;
}
