 <?php

// A site's callback URL, with what site files in the field begin with: a blank before the first tag (which
// leaves no place for declare(strict_types=1)).
// What the function does is in the query: it may store, throw, print, exit, or run out of memory.

require_once $_SERVER['WSD_PACKAGE'] . '/autoload.php';

use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Delivery\PdoDeliveryStore;
use WoSignDoc\Endpoint\PushEndpoint;
use WoSignDoc\Push\ReceivedPush;

$folder = $_SERVER['WSD_FOLDER'];
$store = match ($_GET['store'] ?? '') {
    'files' => new FileDeliveryStore("$folder/deliveries", (int) ($_GET['expire'] ?? 900)),
    'relative' => chdir($folder) ? new FileDeliveryStore('deliveries') : null,
    'sqlite' => (static function () use ($folder): PdoDeliveryStore {
        $pdo = new PDO("sqlite:$folder/deliveries.db", null, null, [PDO::ATTR_TIMEOUT => 30]);
        $store = new PdoDeliveryStore($pdo);
        $store->createTable();
        return $store;
    })(),
    default => null,
};

// A site's own error handler: a private method, and one for warnings only.
final class Handlers
{
    public function privately(): void
    {
        set_error_handler([$this, 'toException']);
    }

    public function forWarnings(): void
    {
        set_error_handler(fn (int $level, string $message) => $this->toException($level, $message), E_WARNING);
    }

    private function toException(int $level, string $message): never
    {
        throw new ErrorException($message);
    }
}
match ($_GET['handler'] ?? '') {
    'private' => (new Handlers())->privately(),
    'warnings' => (new Handlers())->forWarnings(),
    default => null,
};

// What frameworks do at the script's end, after whatever has ended it: they clean up, and some print an error page.
if (isset($_GET['shutdown'])) {
    register_shutdown_function(static function () use ($folder): void {
        for ($round = 0; ob_get_level() > 0 && $round < 1000; $round++) {
            $_GET['shutdown'] === 'flush' ? ob_end_flush() : ob_end_clean();
        }
        http_response_code(200);
        echo $_GET['shutdown'] === 'page' ? '<h1>Whoops</h1>' : '1';
        file_put_contents("$folder/rounds", (string) $round);
    });
}

$endpoint = new PushEndpoint(function (ReceivedPush $push) use ($folder): void {
    file_put_contents("$folder/calls", "{$push->orderNumber} {$push->sha256}\n", FILE_APPEND | LOCK_EX);
    echo '1';
    switch ($_GET['do'] ?? 'store') {
        case 'throw':
            throw new RuntimeException('the disk is full');
        case 'exit':
            exit('1');
        case 'flush':
            while (ob_get_level() > 0) {
                ob_end_flush();
            }
            flush();
            exit;
        case 'clean':
            ob_end_clean();
            http_response_code(200);
            echo '1';
            exit;
        case 'cleanAll':
            while (ob_get_level() > 0) {
                ob_end_clean();
            }
            http_response_code(200);
            header('Content-Length: 1');
            echo '1';
            exit;
        case 'cleanAllAndStore':
            while (ob_get_level() > 0) {
                ob_end_clean();
            }
            http_response_code(404);
            break;
        case 'statusLine':
            while (ob_get_level() > 0) {
                ob_end_clean();
            }
            header('HTTP/1.1 200 OK');
            exit('1');
        case 'finish':
            http_response_code(200);
            fastcgi_finish_request();
            exit;
        case 'cleanAndStore':
            ob_end_clean();
            http_response_code(404);
            echo 'stored';
            break;
        case 'leaveOpen':
            ob_start();
            echo 'stored';
            break;
        case 'memory':
            str_repeat('x', PHP_INT_MAX >> 8);
            break;
        case 'fill':
            // Until not even a small thing has room.
            for ($small = []; true; $small[] = new ArrayObject([count($small)])) {
                continue;
            }
        case 'type':
            strlen([]);
            break;
        case 'time':
            set_time_limit(1);
            while (true) {
                continue;
            }
        case 'trigger':
            trigger_error('a bug', E_USER_ERROR);
        case 'warn':
            file_put_contents('/nowhere/signed.pdf', 'signed');
            break;
        case 'deprecated':
            trigger_error('an old way', E_USER_DEPRECATED);
            break;
        case 'slow':
            usleep(1_000_000);
            break;
        case 'kill':
            posix_kill((int) getmypid(), 9);
            break;
        case 'move':
            chdir('/');
    }
    if (!$push->failed()) {
        $push->saveAs("$folder/signed/{$push->orderNumber}.pdf");
    }
}, ($_GET['store'] ?? '') === 'relative' ? 'spool' : "$folder/spool", $store);
$endpoint->serve();

if (isset($_GET['memory'])) {
    file_put_contents("$folder/peak", (string) memory_get_peak_usage(true));
}
