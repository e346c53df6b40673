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

    /**
     * Makes one of what the core says that it needs.
     *
     * @internal
     *
     * @param array<mixed> $about
     * @param int $left milliseconds that are left for it
     */
    public static function of(array $about, OrderBody $body, int $left): self
    {
        $connect = min($about['connect_timeout_ms'], $left);
        return new self($about['method'], $about['url'], $about['headers'], $body, $connect, $left);
    }
}
