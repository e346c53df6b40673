<?php

declare(strict_types=1);

// A server that asks for the client's certificate only when it has read a request, as IIS does by default, and answers it
// if it gets one: late.php FOLDER VERSION LOG. It is openssl's, which does that by a letter on its input: R renegotiates,
// c is TLS 1.3's authentication after the handshake.

[, $folder, $version, $log] = $argv;
$command = ['openssl', 's_server', '-accept', '127.0.0.1:0', $version, '-no_resumption_on_reneg', '-state'];
$files = ['-cert', "$folder/server.pem", '-key', "$folder/server.key", '-CAfile', "$folder/ca.pem"];
$server = proc_open([...$command, ...$files], [['pipe', 'r'], ['pipe', 'w'], ['file', $log, 'w']], $pipes);
[$input, $output] = $pipes;
pcntl_async_signals(true);
pcntl_signal(SIGTERM, static function () use ($server): never {
    proc_terminate($server, SIGKILL);
    exit;
});
$said = static fn (string $words): int => substr_count((string) file_get_contents($log), $words);
$text = '';
while (!feof($output)) {
    // A signal is heard between two waits, and not while something is read.
    [$ready, $none] = [[$output], null];
    if ((int) @stream_select($ready, $none, $none, 1) === 0) {
        continue;
    }
    $text .= fread($output, 65536);
    if (preg_match('/^ACCEPT 127\.0\.0\.1:(\d+)\n/m', $text, $found) === 1) {
        echo $found[1], "\n";
        $text = '';
    }
    $isWhole = preg_match('~POST [^\n]+\n.*?Content-Length: (\d+).*?\r\n\r\n~is', $text, $found, PREG_OFFSET_CAPTURE) === 1
        && strlen($text) >= $found[0][1] + strlen($found[0][0]) + (int) $found[1][0];
    if (!$isWhole) {
        continue;
    }
    $text = '';
    $before = $said('read client certificate');
    fwrite($input, $version === '-tls1_3' ? "c\n" : "R\n");
    for ($end = microtime(true) + 5; $said('read client certificate') === $before && microtime(true) < $end;) {
        usleep(10_000);
    }
    // The chain is verified by then, and the handshake over.
    for ($end = microtime(true) + 1; $said('verify return:1') === 0 && microtime(true) < $end;) {
        usleep(10_000);
    }
    usleep(100_000);
    $body = $said('verify return:1') > 0 ? '{"status":1,"errorcode":0,"signid":"late"}' : '{"status":0,"errorcode":-80}';
    fwrite($input, "HTTP/1.1 200 OK\r\nContent-Length: " . strlen($body) . "\r\nConnection: close\r\n\r\n$body");
}
