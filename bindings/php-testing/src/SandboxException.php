<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/**
 * The sandbox could not do what it was asked. `getMessage()` says so in English and in Chinese, and has what helps to find
 * out why: the end of the program's log, or where the order stands and its journal.
 */
final class SandboxException extends \RuntimeException
{
    /**
     * @internal
     *
     * @param string $messageZh what is wrong, and what to do, in Chinese
     * @param string $details what helps to find out why
     * @param bool $timedOut whether what was waited for has not happened in time
     */
    public function __construct(
        string $message,
        public readonly string $messageZh,
        string $details = '',
        public readonly bool $timedOut = false,
    ) {
        parent::__construct("$message\n$messageZh" . ($details === '' ? '' : "\n\n$details"));
    }
}
