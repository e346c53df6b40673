<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use WoSignDoc\Native\Text;

/** A transport tells by it that no answer came; the client makes one of its own exceptions of it, or sends again. */
final class NoAnswerException extends \RuntimeException
{
    /**
     * @param string $message the HTTP client's words, without secrets
     * @param bool $mayHaveArrived false only where it is certain that no byte of the order was sent
     * @param bool $timedOut whether time ran out
     * @param ?Response $cut what had come of an answer that broke off
     * @param bool $tls whether TLS failed, such as for a server that is not trusted
     */
    public function __construct(
        string $message,
        public readonly bool $mayHaveArrived,
        public readonly bool $timedOut = false,
        public readonly ?Response $cut = null,
        public readonly bool $tls = false,
    ) {
        parent::__construct($message);
    }

    /**
     * Returns what the core is told.
     *
     * @internal
     *
     * @return array<string, string|bool>
     */
    public function told(): array
    {
        return [
            'stage' => match (true) {
                !$this->mayHaveArrived => 'connect',
                $this->cut !== null => 'answer',
                default => 'exchange',
            },
            'timeout' => $this->timedOut,
            'tls' => $this->tls,
            // The library leaves out what must not be shown.
            'message' => Text::printable($this->getMessage()),
        ];
    }
}
