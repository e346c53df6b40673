<?php

declare(strict_types=1);

// A site's callback URL that serves PSR-7, and sends the response as frameworks do.

require_once $_SERVER['WSD_PACKAGE'] . '/tests/bootstrap.php';

use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7\ServerRequest;
use WoSignDoc\Endpoint\PsrPushHandler;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\ReceivedPush;

$endpoint = new PushEndpoint(function (ReceivedPush $push): void {
    switch ($_GET['do'] ?? '') {
        case 'exit':
            exit;
        case 'print':
            http_response_code(200);
            echo '1';
            exit;
        case 'memory':
            echo '1';
            str_repeat('x', PHP_INT_MAX >> 8);
            break;
        case 'leaveOpen':
            echo '1';
            ob_start();
            echo '1';
    }
}, $_SERVER['WSD_FOLDER'] . '/spool');
if (isset($_GET['shutdown'])) {
    register_shutdown_function(static function (): void {
        for ($round = 0; ob_get_level() > 0 && ob_end_clean(); $round++) {
            $round < 1000 || throw new LogicException('a buffer cannot be ended');
        }
    });
}
$factory = new Psr17Factory();
$request = new ServerRequest($_SERVER['REQUEST_METHOD'], '/', [], fopen('php://input', 'rb'));
$response = (new PsrPushHandler($endpoint, $factory, $factory))->handle($request);
http_response_code($response->getStatusCode());
foreach ($response->getHeaders() as $name => $values) {
    header("$name: $values[0]");
}
echo $response->getBody();
