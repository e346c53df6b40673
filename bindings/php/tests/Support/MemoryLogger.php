<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

use Psr\Log\AbstractLogger;

/** A PSR-3 logger that keeps what it is told. */
final class MemoryLogger extends AbstractLogger
{
    /** @var list<array{string, string, array<mixed>}> */
    public array $lines = [];

    /**
     * @param mixed $level
     * @param string|\Stringable $message
     * @param array<mixed> $context
     */
    public function log($level, $message, array $context = []): void
    {
        $this->lines[] = [(string) $level, (string) $message, $context];
    }

    public function text(): string
    {
        return implode("\n", array_map(
            static fn (array $line): string => "$line[0] $line[1] " . json_encode($line[2]),
            $this->lines,
        ));
    }
}
