<?php

declare(strict_types=1);

// Run by scripts/test-php, which builds the native library and the platform and says where they are.

require __DIR__ . '/../autoload.php';
require __DIR__ . '/../../php-testing/autoload.php';
// Debian's packages of the PSR interfaces, of an implementation of PSR-7, and of one of PSR-18.
foreach (['Psr/Log', 'Psr/Http/Message', 'Nyholm/Psr7', 'GuzzleHttp'] as $package) {
    $file = "/usr/share/php/$package/autoload.php";
    if (is_file($file)) {
        require_once $file;
    }
}
require_once __DIR__ . '/Support/psr15.php';
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'WoSignDoc\\Tests\\')) {
        require __DIR__ . '/' . strtr(substr($class, 16), '\\', '/') . '.php';
    }
});

if (getenv('WOSIGNDOC_LIBRARY') === false) {
    $root = dirname(__DIR__, 3);
    putenv("WOSIGNDOC_LIBRARY=$root/target/debug/libwosigndoc.so");
}
