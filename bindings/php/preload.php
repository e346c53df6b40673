<?php

declare(strict_types=1);

// For php-fpm, whose default ffi.enable=preload lets only preloaded code use FFI. In php.ini:
//
//     opcache.preload=/path/to/wosigndoc/preload.php
//     opcache.preload_user=www-data
//
// A site that preloads its own code already requires this file from its own preload file. PHP for Windows cannot
// preload: there it is ffi.enable=true.

require_once __DIR__ . '/autoload.php';

(static function (): void {
    $files = new RecursiveIteratorIterator(
        new RecursiveDirectoryIterator(__DIR__ . '/src', FilesystemIterator::SKIP_DOTS)
    );
    $interface = 'Psr\Http\Server\RequestHandlerInterface';
    foreach ($files as $file) {
        // The PSR-15 handler makes no FFI call itself, and needs an interface that may not be there.
        if ($file->getBasename() === 'PsrPushHandler.php' && !interface_exists($interface)) {
            continue;
        }
        if ($file->getExtension() === 'php') {
            require_once $file->getPathname();
        }
    }
})();
