<?php

declare(strict_types=1);

namespace WoSignDoc\Testing\Tests\cases;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Testing\UsesWoSignDocSandbox;
use WoSignDoc\Tests\Support\Orders;

/** Tests that share a sandbox, one of which fails: TraitTest reads what is printed. */
final class FailingTest extends TestCase
{
    use UsesWoSignDocSandbox;

    private static string $control;

    public function testOneThatPasses(): void
    {
        self::$control = $this->sandbox()->control;
        $this->sandbox()->refuse(-68, 'X-2');
        $this->sandbox()->client()->create(Orders::good('X-1'));
        self::assertSame('X-1', $this->sandbox()->awaitPush('X-1')->orderNumber);
    }

    public function testOneThatFails(): void
    {
        self::assertSame(self::$control, $this->sandbox()->control, 'the same sandbox');
        self::assertSame([], $this->sandbox()->orders(), 'but reset');
        $this->sandbox()->client()->create(Orders::good('X-2'));
        self::assertSame('X-3', $this->sandbox()->awaitPush('X-2')->orderNumber);
    }

    public function testOneWithout(): void
    {
        self::assertTrue(true);
    }

    public function testOneThatClosesIt(): void
    {
        $this->sandbox()->close();
        self::assertNotSame(self::$control, $this->sandbox()->control);
    }
}
