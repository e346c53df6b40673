<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

/** The platform's sandbox, a process of its own with a fresh data folder, which commits faults on order. */
final class Platform
{
    private static ?self $shared = null;

    public readonly string $folder;
    public readonly Process $process;

    public function __construct(?string $callback = null)
    {
        $this->folder = Folder::make();
        $program = getenv('TEST_SERVER') ?: Orders::root() . '/target/debug/wosigndoc-server';
        $command = [$program, 'dev', '--faults', '--data', $this->folder, '--listen', '127.0.0.1:0'];
        if ($callback !== null) {
            array_push($command, '--callback', $callback);
        }
        $this->process = new Process($command, $this->folder . '/log.txt');
        while (($line = fgets($this->process->stdout)) !== false) {
            if (str_contains($line, 'listening on ')) {
                return;
            }
        }
        throw new \RuntimeException('the platform did not start: ' . file_get_contents($this->folder . '/log.txt'));
    }

    /** One for all tests that need no callback. */
    public static function shared(): self
    {
        return self::$shared ??= new self();
    }

    public function clientJson(): string
    {
        return $this->folder . '/client.json';
    }

    /** The client's settings, some replaced. @param array<string, mixed> $other @return array<string, mixed> */
    public function settings(array $other = []): array
    {
        $settings = json_decode((string) file_get_contents($this->clientJson()), true, 16, JSON_THROW_ON_ERROR);
        return $other + $settings;
    }
}
