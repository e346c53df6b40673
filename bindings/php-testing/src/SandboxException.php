<?php

declare(strict_types=1);

namespace WoSignDoc\Testing;

/**
 * The sandbox could not do what it was asked. `getMessage()` says so in English and in Chinese, and has what helps to find
 * out why, such as the end of the program's log.
 */
abstract class SandboxException extends \RuntimeException
{
    /**
     * @internal
     *
     * @param string $messageZh what is wrong, and what to do, in Chinese
     * @param string $details what helps to find out why
     */
    final public function __construct(string $message, public readonly string $messageZh, string $details = '')
    {
        parent::__construct("$message\n$messageZh" . ($details === '' ? '' : "\n\n$details"));
    }
}
