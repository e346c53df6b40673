<?php

declare(strict_types=1);

// Uses the native library until the memory limit ends the script, or says what the worker holds.

require_once $_SERVER['WSD_PACKAGE'] . '/tests/bootstrap.php';

use WoSignDoc\Push\PushReceiver;
use WoSignDoc\Tests\Support\Pushes;

$file = $_SERVER['WSD_FOLDER'] . '/spool/a.pdf';
switch ($_GET['do'] ?? '') {
    case 'receiver':
        $receiver = new PushReceiver($file);
        $receiver->feed(substr(Pushes::signed(str_repeat('x', 100_000)), 0, 90_000));
        str_repeat('x', PHP_INT_MAX >> 8);
        break;
    case 'document':
        $body = Pushes::signed(str_repeat('x', 10 << 20));
        ini_set('memory_limit', (string) (memory_get_usage(true) + (4 << 20)));
        PushReceiver::receive($body);
        break;
}
preg_match('/^VmRSS:\s+(\d+) kB/m', (string) file_get_contents('/proc/self/status'), $found);
echo json_encode(['kib' => (int) $found[1], 'files' => count((array) scandir('/proc/self/fd'))]);
