<?php

declare(strict_types=1);

// For sites without Composer: require this file once, and every class of the package is found.

spl_autoload_register(static function (string $class): void {
    // Asking the disk for each class would cost a request more than loading it does: opcache has them all.
    static $files = null;
    if (str_starts_with($class, 'WoSignDoc\\')) {
        $files ??= require __DIR__ . '/classes.php';
        $file = $files[$class] ?? null;
        if ($file !== null) {
            require __DIR__ . $file;
        }
    }
});
