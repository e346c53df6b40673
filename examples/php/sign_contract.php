<?php

declare(strict_types=1);

// A contract is sent, signed by the platform, and received:
// php sign_contract.php CLIENT.JSON IN.PDF OUT.PDF HOST:PORT [MATERIAL FIRST_PAGE LAST_PAGE]

require __DIR__ . '/../../bindings/php/autoload.php';

// [send]
use WoSignDoc\Client;
use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\InvalidOrderException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\SignatureBox;
use WoSignDoc\Signer;
use WoSignDoc\SignOrder;

function send(string $configuration, string $contract, string $material, int $first, int $last): void
{
    $scan = DocumentSource::path($material);
    $order = new SignOrder(
        orderNumber: 'PHP-' . bin2hex(random_bytes(8)),
        subject: '软件服务合同',
        document: DocumentSource::path($contract),
        signers: [
            Signer::organisation(
                name: '云杉软件（示例）有限公司',
                number: '91350100M000100Y43',
                pic: $scan,
                otherPic: $scan,
                boxes: [
                    new SignatureBox($first, left: 0.62, bottom: 0.32, right: 0.82, top: 0.4614),
                    new SignatureBox($last, left: 0.17, bottom: 0.60, right: 0.37, top: 0.7414),
                ],
            ),
            Signer::person(
                name: '李明',
                number: '11010519491231002X',
                pic: $scan,
                otherPic: $scan,
                boxes: [new SignatureBox($last, left: 0.56, bottom: 0.62, right: 0.70, top: 0.719)],
            ),
        ],
    );
    try {
        $result = Client::fromFile($configuration)->create($order);
        echo "accepted: {$result->signid}\n";
    } catch (InvalidOrderException $error) {
        foreach ($error->violations() as $violation) {
            echo "{$violation->field}: {$violation->message} ({$violation->messageZh})\n";
        }
        throw $error;
    } catch (WoSignDocException $error) {
        echo "{$error->getMessage()}: {$error->advice} ({$error->messageZh}：{$error->adviceZh})\n";
        throw $error;
    }
}
// [/send]

if ($argc !== 5 && $argc !== 8) {
    fwrite(STDERR, "usage: php sign_contract.php client.json contract.pdf signed.pdf host:port [material first-page last-page]\n");
    exit(2);
}
[, $configuration, $contract, $signed, $address] = $argv;
[$material, $first, $last] = array_slice($argv, 5) ?: [__DIR__ . '/../material.png', 3, 4];
$start = hrtime(true);
$say = static function (string $step) use ($start): void {
    printf("[%6d ms] %s\n", (hrtime(true) - $start) / 1e6, $step);
};

// A site has a web server; PHP's own stands for it here. (It counts as a web server: ffi.enable must say so.)
$folder = sys_get_temp_dir() . '/wosigndoc-' . bin2hex(random_bytes(6));
mkdir($folder, 0700);
$server = proc_open(
    [PHP_BINARY, '-d', 'ffi.enable=true', '-d', 'post_max_size=256M', '-S', $address, __DIR__ . '/push.php'],
    [['null'], STDOUT, ['file', "$folder/server.log", 'w']],
    $pipes,
    null,
    ['PUSH_FOLDER' => $folder] + getenv(),
) ?: throw new RuntimeException('PHP\'s web server did not start');
[$host, $port] = explode(':', $address);
while (!is_resource($socket = @fsockopen($host, (int) $port))) {
    proc_get_status($server)['running'] || exit("PHP's web server did not start\n" . file_get_contents("$folder/server.log"));
    usleep(20_000);
}
fclose($socket);
$say("listening on http://$address/");

try {
    send($configuration, $contract, $material, (int) $first, (int) $last);
    $say('waiting for the signed document');
    for ($waited = 0; ($documents = glob("$folder/*.pdf")) === []; $waited++) {
        $waited < 6000 || throw new RuntimeException('no signed document within 60 s');
        usleep(10_000);
    }
    copy($documents[0], $signed) || throw new RuntimeException("cannot write $signed");
    $say("saved $signed (" . filesize($signed) . ' bytes)');
} finally {
    // The acknowledgement may still be on its way.
    usleep(200_000);
    proc_terminate($server);
    proc_close($server);
    $files = new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS);
    foreach (new RecursiveIteratorIterator($files, RecursiveIteratorIterator::CHILD_FIRST) as $path => $file) {
        $file->isDir() ? rmdir($path) : unlink($path);
    }
    rmdir($folder);
}
