<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

/** Programs that tests start, and end by their id. */
final class Process
{
    /** @var resource */
    private $process;
    /** @var resource */
    public $stdout;

    /**
     * @param list<string> $command
     * @param ?array<string, string> $environment
     */
    public function __construct(array $command, public readonly string $log, ?array $environment = null)
    {
        $pipes = [];
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', $log, 'a']], $pipes, null, $environment);
        if (!is_resource($process)) {
            throw new \RuntimeException("cannot start {$command[0]}");
        }
        $this->process = $process;
        $this->stdout = $pipes[1];
        $owner = getmypid();
        register_shutdown_function(function () use ($owner): void {
            if (getmypid() === $owner) {
                $this->stop();
            }
        });
    }

    /**
     * Runs a program to its end.
     *
     * @param list<string> $command
     * @param ?array<string, string> $environment
     *
     * @return array{int, string} exit code, and what it printed to both streams
     */
    public static function run(array $command, ?array $environment = null): array
    {
        $pipes = [];
        $out = tempnam(sys_get_temp_dir(), 'out');
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['file', $out, 'a'], ['file', $out, 'a']], $pipes, null, $environment);
        if (!is_resource($process)) {
            throw new \RuntimeException("cannot start {$command[0]}");
        }
        $code = proc_close($process);
        $text = (string) file_get_contents($out);
        unlink($out);
        return [$code, $text];
    }

    public function id(): int
    {
        return proc_get_status($this->process)['pid'];
    }

    public function stop(): void
    {
        if (is_resource($this->process)) {
            proc_terminate($this->process, SIGTERM);
            proc_close($this->process);
        }
    }

    /** A loopback port that is free now. */
    public static function freePort(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $name = (string) stream_socket_get_name($socket, false);
        fclose($socket);
        return (int) substr($name, (int) strrpos($name, ':') + 1);
    }

    /** Waits until something is so. @param \Closure(): bool $so */
    public static function await(\Closure $so, string $what, int $seconds = 60): void
    {
        $end = time() + $seconds;
        while (!$so()) {
            if (time() > $end) {
                throw new \RuntimeException("waited in vain for $what");
            }
            usleep(20_000);
        }
    }

    public static function awaitPort(int $port, string $log): void
    {
        self::await(static function () use ($port): bool {
            $socket = @fsockopen('127.0.0.1', $port, timeout: 1.0);
            return is_resource($socket) && fclose($socket);
        }, "port $port; log: " . $log);
    }
}
