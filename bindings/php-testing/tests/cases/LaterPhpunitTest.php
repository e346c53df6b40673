<?php

declare(strict_types=1);

namespace WoSignDoc\Testing\Tests\cases;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Testing\UsesWoSignDocSandbox;

/** A test that fails, whose PHPUnit has the methods of those since 10, for whoever runs an older one; TraitTest reads what it prints. */
final class LaterPhpunitTest extends TestCase
{
    use UsesWoSignDocSandbox;

    public function testOneThatFails(): void
    {
        self::assertSame(['none'], $this->sandbox()->orders());
    }

    public function nameWithDataSet(): string
    {
        return 'a name';
    }

    public function status(): object
    {
        $failed = $this->hasFailed();
        return new class ($failed) {
            public function __construct(private bool $failed)
            {
            }

            public function isFailure(): bool
            {
                return $this->failed;
            }

            public function isError(): bool
            {
                return false;
            }
        };
    }
}
