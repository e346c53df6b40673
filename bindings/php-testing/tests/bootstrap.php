<?php

declare(strict_types=1);

// Run by scripts/test-php, which builds the native library and the platform and says where they are.

require __DIR__ . '/../../php/tests/bootstrap.php';
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'WoSignDoc\\Testing\\Tests\\')) {
        $file = __DIR__ . '/' . strtr(substr($class, strlen('WoSignDoc\\Testing\\Tests\\')), '\\', '/') . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});

if (getenv('WOSIGNDOC_SERVER') === false) {
    putenv('WOSIGNDOC_SERVER=' . (getenv('TEST_SERVER') ?: dirname(__DIR__, 3) . '/target/debug/wosigndoc-server'));
}
