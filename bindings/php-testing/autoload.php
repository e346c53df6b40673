<?php

declare(strict_types=1);

// For tests without Composer: require this file once, after that of the package wosigndoc.

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'WoSignDoc\\Testing\\')) {
        $file = __DIR__ . '/src/' . strtr(substr($class, strlen('WoSignDoc\\Testing\\')), '\\', '/') . '.php';
        // The main package has classes of this namespace, too.
        if (is_file($file)) {
            require $file;
        }
    }
});
