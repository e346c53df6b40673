<?php

declare(strict_types=1);

// A proxy that opens tunnels for whom NTLM names as `user`, and notes what it was asked: ntlm.php LOG

[, $log] = $argv;
$server = stream_socket_server('tcp://127.0.0.1:0');
echo stream_socket_get_name($server, false), "\n";

/** Lets bytes through until one side ends. @param resource $one @param resource $other */
function tunnel($one, $other): void
{
    for ($none = null; ; ) {
        $ready = [$one, $other];
        if (stream_select($ready, $none, $none, 30) < 1) {
            return;
        }
        foreach ($ready as $from) {
            $bytes = fread($from, 65536);
            if ($bytes === false || $bytes === '') {
                return;
            }
            fwrite($from === $one ? $other : $one, $bytes);
        }
    }
}

$flags = 0x1 | 0x4 | 0x200;
$challenge = base64_encode("NTLMSSP\0" . pack('Vvv', 2, 0, 0) . pack('VV', 40, $flags) . random_bytes(8) . str_repeat("\0", 8));
while (($client = @stream_socket_accept($server, 600)) !== false) {
    while (true) {
        $head = '';
        while (!str_ends_with($head, "\r\n\r\n") && ($line = fgets($client)) !== false) {
            $head .= $line;
        }
        if (preg_match('~^CONNECT (\S+) ~', $head, $asked) !== 1) {
            break;
        }
        $message = preg_match('~^Proxy-Authorization: NTLM (\S+)~mi', $head, $found) === 1 ? base64_decode($found[1]) : '';
        $type = strlen($message) > 12 ? ord($message[8]) : 0;
        $known = $type === 3 && str_contains($message, mb_convert_encoding('user', 'UTF-16LE', 'ASCII'));
        file_put_contents($log, "CONNECT, type $type\n", FILE_APPEND);
        if ($known) {
            fwrite($client, "HTTP/1.1 200 OK\r\n\r\n");
            tunnel($client, stream_socket_client("tcp://$asked[1]"));
            break;
        }
        $answer = $type === 1 ? "NTLM $challenge" : 'NTLM';
        fwrite($client, "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: $answer\r\nContent-Length: 0\r\n\r\n");
    }
    fclose($client);
}
