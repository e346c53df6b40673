<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;

/** The rules of the package, and of the one for tests, of those that reading their classes can show. */
final class PublicApiTest extends TestCase
{
    /** Every file is strict; every class, method and property is typed and documented. */
    public function testEverythingIsTypedAndDocumented(): void
    {
        $count = 0;
        foreach ($this->classes() as $class => $file) {
            self::assertStringStartsWith("<?php\n\ndeclare(strict_types=1);\n", (string) file_get_contents($file), $file);
            $reflection = new \ReflectionClass($class);
            self::assertNotFalse($reflection->getDocComment(), "$class is not documented");
            self::assertTrue($reflection->isFinal() || $reflection->isInterface() || $reflection->isTrait() || $reflection->isAbstract(), "$class can be extended");
            foreach ($reflection->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                $name = "$class::{$method->getName()}()";
                if ($method->getDeclaringClass()->getName() !== $class || $reflection->isEnum()) {
                    continue;
                }
                $count++;
                $returns = $method->hasReturnType() || $method->hasPrototype() || str_contains((string) $method->getDocComment(), '@return resource');
                self::assertTrue($returns || preg_match('/__(construct|destruct|clone)/', $name) === 1, "$name has no return type");
                foreach ($method->getParameters() as $parameter) {
                    $streams = str_contains((string) $method->getDocComment(), '@param resource $' . $parameter->getName());
                    // An interface of a PSR has types in one of its versions only.
                    self::assertTrue($parameter->hasType() || $streams || $method->hasPrototype(), "$name: \${$parameter->getName()} has no type");
                }
                $inherited = $method->hasPrototype() || str_starts_with($method->getName(), '__');
                self::assertTrue($inherited || $method->getDocComment() !== false || str_contains((string) $reflection->getDocComment(), '@internal'), "$name is not documented");
            }
            foreach ($reflection->getProperties(\ReflectionProperty::IS_PUBLIC) as $property) {
                if ($property->getDeclaringClass()->getName() === $class && !$reflection->isEnum()) {
                    self::assertTrue($property->hasType() && $property->isReadOnly(), "$class::\${$property->getName()}");
                }
            }
        }
        self::assertGreaterThan(60, $count);
    }

    /** The documentation says what a rule of the protocol means, and does not send its reader to a bare number. */
    public function testNoBareRuleNumbers(): void
    {
        $files = [...$this->classes(), ...(glob(dirname(__DIR__, 2) . '/php*/README*.md') ?: [])];
        self::assertGreaterThan(40, count($files));
        foreach ($files as $file) {
            self::assertDoesNotMatchRegularExpression('/(?<!\[)\bP-\d+/', (string) file_get_contents($file), $file);
        }
    }

    /** Composer's names and the files' places agree with the autoloader for sites without Composer. */
    public function testComposerJson(): void
    {
        $composer = json_decode((string) file_get_contents(dirname(__DIR__) . '/composer.json'), true, 16, JSON_THROW_ON_ERROR);
        self::assertSame(['WoSignDoc\\' => 'src/'], $composer['autoload']['psr-4']);
        self::assertArrayNotHasKey('psr/log', $composer['require']);
    }

    /** Nothing newer than PHP 8.1 in the syntax: what came later is not used. */
    public function testNothingNewerThanPhp81(): void
    {
        foreach ($this->classes() as $file) {
            $code = (string) file_get_contents($file);
            self::assertDoesNotMatchRegularExpression('/readonly (final )?class|json_validate\(|ini_parse_quantity\(|#\[\\\\Override\]|\): (true|false|null)\b/', $code, $file);
        }
    }

    /** @return iterable<class-string, string> */
    private function classes(): iterable
    {
        $bindings = dirname(__DIR__, 2);
        foreach (['WoSignDoc' => "$bindings/php/src", 'WoSignDoc\Testing' => "$bindings/php-testing/src"] as $namespace => $root) {
            foreach (new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($root, \FilesystemIterator::SKIP_DOTS)) as $file) {
                $class = "$namespace\\" . strtr(substr((string) $file, strlen($root) + 1, -4), '/', '\\');
                self::assertTrue(class_exists($class) || interface_exists($class) || trait_exists($class), $class);
                yield $class => (string) $file;
            }
        }
    }
}
