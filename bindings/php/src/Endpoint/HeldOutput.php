<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

/**
 * Makes PHP's own answer a failure without a body until the endpoint has its answer: the site's function may
 * print, and may end the script.
 *
 * @internal
 */
final class HeldOutput
{
    private readonly int|bool $status;
    private readonly int $level;
    private bool $released = false;

    public function __construct()
    {
        $this->status = http_response_code();
        self::setStatus(500);
        ob_start($this->instead(...), 1);
        $this->level = ob_get_level();
    }

    /** Gives way to the answer, which goes out by other ways. */
    public function release(): void
    {
        $this->released = true;
        // With the buffers that the site's function has left open.
        while (ob_get_level() >= $this->level && @ob_end_clean()) {
            continue;
        }
        self::setStatus($this->status);
    }

    /** Returns what goes out when something is printed, and at the script's end. */
    private function instead(): string
    {
        if (!$this->released) {
            // The function may have set another status before it called exit().
            self::setStatus(500);
        }
        return '';
    }

    private static function setStatus(int|bool $status): void
    {
        if (is_int($status) && !headers_sent()) {
            http_response_code($status);
        }
    }
}
