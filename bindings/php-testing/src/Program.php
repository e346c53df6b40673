<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/**
 * The sandbox's program, a child of this process. It ends when the pipe to its standard input does: also when this process is
 * killed, for PHP hands that end of the pipe to no other child.
 *
 * @internal
 */
final class Program
{
    /** The pause between two looks, in microseconds. */
    private const PAUSE = 5_000;
    /** How much of the log an error shows, in bytes. */
    private const SHOWN = 4_000;

    /** @var ?resource */
    private $process;
    /** @var array<int, resource> */
    private array $pipes = [];
    /** @var resource read from its beginning */
    private $log;
    private readonly int $owner;

    /**
     * Starts it.
     *
     * @param list<string> $command
     *
     * @throws SandboxException when the system cannot
     */
    public function __construct(array $command)
    {
        $log = tempnam(sys_get_temp_dir(), 'wosigndoc-log-');
        // Appended to: the child's place in the file is its own.
        [$written, $this->log] = [fopen((string) $log, 'ab'), fopen((string) $log, 'rb')];
        stream_set_read_buffer($this->log, 0);
        $process = @proc_open($command, [['pipe', 'r'], ['pipe', 'w'], $written], $this->pipes);
        fclose($written);
        // Where files that are open have no name, nothing stays behind even if this process is killed.
        @unlink($log) || register_shutdown_function(static fn () => @unlink($log));
        $this->process = is_resource($process) ? $process : throw new SandboxFailedException(
            "the system cannot start $command[0]: " . (error_get_last()['message'] ?? ''),
            "系统无法启动 {$command[0]}",
        );
        $this->owner = (int) getmypid();
    }

    /** Returns the first line that it prints; an empty one: it ended before; null: none came in this time. */
    public function firstLine(float $seconds): ?string
    {
        [$end, $line] = [microtime(true) + $seconds, ''];
        // Pipes of Windows always block.
        stream_set_blocking($this->pipes[1], false);
        while (!str_ends_with($line, "\n")) {
            $read = [$this->pipes[1]];
            $left = (int) (($end - microtime(true)) * 1_000_000);
            if ($left <= 0 || @stream_select($read, $none, $none, intdiv($left, 1_000_000), $left % 1_000_000) === 0) {
                return null;
            }
            $piece = fgets($this->pipes[1]);
            if ($piece === false && feof($this->pipes[1])) {
                return '';
            }
            $line .= (string) $piece;
        }
        return $line;
    }

    /** Returns what it has written to its log so far. */
    public function log(): string
    {
        rewind($this->log);
        return (string) stream_get_contents($this->log);
    }

    /** Returns the end of the log, for errors. */
    public function endOfLog(): string
    {
        $log = rtrim($this->log());
        if (strlen($log) > self::SHOWN) {
            // Whole lines.
            $log = '…' . strstr(substr($log, -self::SHOWN), "\n");
        }
        return $log === '' ? '(nothing was logged)' : $log;
    }

    /** Says whether it runs. */
    public function isRunning(): bool
    {
        return $this->process !== null && proc_get_status($this->process)['running'];
    }

    /**
     * Ends it, and waits for its end. Says whether it ended by itself within this time: otherwise it was killed.
     */
    public function stop(float $seconds): bool
    {
        // A forked child has the handles, but the program is its parent's.
        if ($this->process === null || $this->owner !== getmypid()) {
            return true;
        }
        fclose($this->pipes[0]);
        $end = microtime(true) + $seconds;
        while (($running = $this->isRunning()) && microtime(true) < $end) {
            usleep(self::PAUSE);
        }
        if ($running) {
            proc_terminate($this->process, 9);
        }
        fclose($this->pipes[1]);
        proc_close($this->process);
        $this->process = null;
        return !$running;
    }
}
