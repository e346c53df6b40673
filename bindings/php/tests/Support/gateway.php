<?php

declare(strict_types=1);

// Answers HTTPS requests by the steps that stand in a file then, and notes what came: gateway.php CERTIFICATES FOLDER

[, $certificates, $folder] = $argv;
// PHP would ask for the client's certificate, too, and has no roots for it.
$context = stream_context_create(['ssl' => [
    'local_cert' => "$certificates/server.pem",
    'local_pk' => "$certificates/server.key",
    'verify_peer' => false,
]]);
$server = stream_socket_server('tcp://127.0.0.1:0', context: $context);
echo stream_socket_get_name($server, false), "\n";
while (true) {
    $client = @stream_socket_accept($server, 600);
    if ($client === false) {
        exit(1);
    }
    // A client that refuses the certificate is no news.
    if (!@stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLS_SERVER)) {
        continue;
    }
    stream_set_timeout($client, 10);
    $head = '';
    while (!str_ends_with($head, "\r\n\r\n") && ($line = fgets($client)) !== false) {
        $head .= $line;
    }
    $left = preg_match('/^content-length: *(\d+)/mi', $head, $found) === 1 ? (int) $found[1] : 0;
    [$hash, $length] = [hash_init('sha256'), 0];
    while ($length < $left && is_string($piece = fread($client, min(65536, $left - $length))) && $piece !== '') {
        hash_update($hash, $piece);
        $length += strlen($piece);
    }
    $request = ['head' => $head, 'length' => $length, 'sha256' => hash_final($hash)];
    file_put_contents("$folder/requests", json_encode($request) . "\n", FILE_APPEND);
    foreach (json_decode((string) file_get_contents("$folder/steps"), true) as $step) {
        match (true) {
            is_string($step) => @fwrite($client, (string) base64_decode($step)),
            is_bool($step) => stream_socket_shutdown($client, STREAM_SHUT_RDWR),
            default => usleep((int) ($step * 1_000_000)),
        };
        if (feof($client)) {
            break;
        }
    }
    fclose($client);
}
