<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

/**
 * Sends the endpoint's answer to the platform, and nothing else. What is printed by anybody, to the script's end,
 * is swallowed by a buffer that cannot be cleaned, flushed or ended.
 *
 * @internal
 */
final class SealedOutput
{
    /** Attempts to end the buffer that are let pass; more come of a loop that goes on until none is left. */
    private const ATTEMPTS = 100;

    private readonly int $level;
    private readonly bool $counts;
    private bool $answered = false;
    private string $body = '';
    private int $attempts = 0;

    public function __construct()
    {
        // Filled by one byte already, so that nothing piles up.
        ob_start($this->instead(...), 1, 0);
        $this->level = ob_get_level();
        // A handler of the site's own stays in place. PHP does not say which errors it was set for, and a private
        // method cannot be called from here; yet the exception that it throws may be all that tells of a failure.
        $this->counts = set_error_handler($this->onError(...)) === null;
        if (!$this->counts) {
            restore_error_handler();
        }
    }

    /** Sends the answer, once. */
    public function send(Answer $answer): void
    {
        if ($this->counts) {
            restore_error_handler();
        }
        $this->answered = true;
        $this->body = $answer->body;
        if (!headers_sent()) {
            http_response_code($answer->status);
            foreach ($answer->headers as $name => $value) {
                header("$name: $value");
            }
        }
        // Buffers that the site's function has left open.
        while (ob_get_level() > $this->level && @ob_end_clean()) {
            continue;
        }
        echo ' ';
    }

    /** Returns what goes out when something is printed, and at the script's end. */
    private function instead(string $printed): string
    {
        if (!$this->answered && !headers_sent()) {
            // The function may have set another status before it called exit().
            http_response_code(500);
        }
        $body = $this->body;
        $this->body = '';
        return $body;
    }

    /** Breaks a loop off that ends buffers until there is none, which would go on for ever. */
    private function onError(int $level, string $message, string $file = '', int $line = 0): bool
    {
        if ($level !== E_NOTICE || !str_starts_with($message, 'ob_') || ob_get_level() !== $this->level) {
            return false;
        }
        $this->attempts++;
        return $this->attempts <= self::ATTEMPTS
            ? true
            : throw new \LogicException(
                "the endpoint's output buffer cannot be ended, yet a loop waits for that at $file:$line"
            );
    }
}
