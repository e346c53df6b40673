<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

/** The request that a transport makes. */
final class Request
{
    /**
     * @internal
     *
     * @param array<string, string> $headers to be sent as they are; the length of the body is for the HTTP client to tell
     * @param int $connectTimeoutMs milliseconds for a connection to come about: name, TCP, proxy and TLS
     * @param int $timeoutMs milliseconds for all of it
     */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        public readonly array $headers,
        public readonly OrderBody $body,
        public readonly int $connectTimeoutMs,
        public readonly int $timeoutMs,
    ) {
    }
}
