<?php

declare(strict_types=1);

// For sites without Composer: require this file once, and every class of the package is found.

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'WoSignDoc\\')) {
        $file = __DIR__ . '/src/' . strtr(substr($class, 10), '\\', '/') . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});
