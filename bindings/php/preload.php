<?php

declare(strict_types=1);

// For php-fpm, whose default ffi.enable=preload lets only preloaded code use FFI. In php.ini:
//
//     opcache.preload=/path/to/wosigndoc/preload.php
//     opcache.preload_user=www-data      (the user of the pool)
//
// A site that preloads its own code already requires this file from its own preload file. PHP for Windows cannot
// preload: there it is ffi.enable=true.

require_once __DIR__ . '/autoload.php';

(static function (): void {
    $files = new RecursiveIteratorIterator(
        new RecursiveDirectoryIterator(__DIR__ . '/src', FilesystemIterator::SKIP_DOTS)
    );
    // These make no FFI calls themselves, and need interfaces that may not be there.
    $interfaces = [
        'PsrPushHandler.php' => 'Psr\Http\Server\RequestHandlerInterface',
        'PsrBody.php' => 'Psr\Http\Message\StreamInterface',
    ];
    foreach ($files as $file) {
        $interface = $interfaces[$file->getBasename()] ?? null;
        if ($interface !== null && !interface_exists($interface)) {
            continue;
        }
        if ($file->getExtension() === 'php') {
            require_once $file->getPathname();
        }
    }
})();
