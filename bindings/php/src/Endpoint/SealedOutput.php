<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

/**
 * Sends the endpoint's answer to the platform, and nothing else. What is printed by anybody is swallowed by buffers.
 * They can be ended, as every other: a loop that ends buffers until there is none, as frameworks run at the script's
 * end, would not end before them. Without them, what goes out before the answer is a failure without a body.
 *
 * @internal
 */
final class SealedOutput
{
    /** Buffers: one more than a function ends that ends one too many. */
    private const LAYERS = 2;

    private const REASONS = [200 => 'OK', 400 => 'Bad Request', 405 => 'Method Not Allowed', 413 => 'Content Too Large',
        500 => 'Internal Server Error', 503 => 'Service Unavailable'];

    private readonly int $level;
    private bool $answered = false;

    public function __construct()
    {
        if (function_exists('header_register_callback')) {
            header_register_callback($this->refuse(...));
        }
        $this->level = ob_get_level() + 1;
        $this->seal();
    }

    /** Sends the answer, once, and says whether it could: not when something has gone out already. */
    public function send(Answer $answer): bool
    {
        $this->answered = true;
        // With the buffers that the site's function has left open.
        while (ob_get_level() >= $this->level && @ob_end_clean()) {
            continue;
        }
        $first = !headers_sent();
        if ($first) {
            header_remove('Content-Length');
            self::status($answer->status);
            foreach ($answer->headers as $name => $value) {
                header("$name: $value");
            }
            echo $answer->body;
        }
        $this->seal();
        return $first;
    }

    private function seal(): void
    {
        for ($layer = 0; $layer < self::LAYERS; $layer++) {
            // Filled by one byte already, so that nothing piles up.
            ob_start($this->instead(...), 1);
        }
    }

    /** Returns what goes out when something is printed, a buffer is ended, and at the script's end. */
    private function instead(): string
    {
        $this->refuse();
        return '';
    }

    /** Makes what goes out before the answer a failure without a body, whatever the function has set. */
    private function refuse(): void
    {
        if (!$this->answered && !headers_sent()) {
            self::status(500);
            header('Content-Length: 0');
        }
    }

    /** Sets the status, also where the function has sent a status line of its own. */
    private static function status(int $status): void
    {
        header("HTTP/1.1 $status " . (self::REASONS[$status] ?? 'Refused'), true, $status);
    }
}
