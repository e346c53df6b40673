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
            'message' => $this->words(),
        ];
    }

    /** Returns the words as they may be shown: one line, without a proxy's password and a token's PIN. @internal */
    public function words(): string
    {
        $line = (string) strtok(Text::printable($this->getMessage()), "\r\n");
        // A client that quotes the order quotes the TokenID. A password may have an "@" of its own.
        $hidden = ['~//[^/\s]*@~' => '//***@', '~(pin-value|pin-source)=[^;&?\s]*~i' => '$1=***'];
        return str_contains($line, 'tokenid')
            ? ''
            : (string) preg_replace(array_keys($hidden), array_values($hidden), $line);
    }
}
