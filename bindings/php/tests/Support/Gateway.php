<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

/** A server with the sandbox's certificate that answers what a test wants, in pieces and pauses. */
final class Gateway
{
    private static ?self $shared = null;

    public readonly string $url;
    private readonly string $folder;

    public function __construct()
    {
        $this->folder = Folder::make();
        $process = new Process(
            [PHP_BINARY, __DIR__ . '/gateway.php', Platform::shared()->folder, $this->folder],
            $this->folder . '/log',
        );
        $this->url = 'https://' . trim((string) fgets($process->stdout)) . '/orders';
    }

    public static function shared(): self
    {
        return self::$shared ??= new self();
    }

    /**
     * Says how the requests from now on are answered, and forgets those that were.
     *
     * @param string|float|bool ...$steps bytes to send, seconds to wait, or true for an end without TLS's own
     */
    public function answers(string|float|bool ...$steps): void
    {
        $steps = array_map(static fn ($step) => is_string($step) ? base64_encode($step) : $step, $steps);
        file_put_contents($this->folder . '/steps', json_encode($steps, JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR));
        @unlink($this->folder . '/requests');
    }

    /** An answer as HTTP has it. */
    public static function http(int $status, string $body, string $headers = ''): string
    {
        return "HTTP/1.1 $status Words\r\nContent-Length: " . strlen($body) . "\r\nConnection: close\r\n$headers\r\n$body";
    }

    /** What came. @return list<array{head: string, length: int, sha256: string}> */
    public function requests(): array
    {
        return array_map(
            static fn (string $line): array => json_decode($line, true),
            file($this->folder . '/requests', FILE_IGNORE_NEW_LINES) ?: [],
        );
    }
}
