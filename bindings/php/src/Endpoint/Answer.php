<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

/** What the endpoint answers to a push. Only an acknowledgement has the status 200. */
final class Answer
{
    /** @param array<string, string> $headers */
    private function __construct(
        public readonly int $status,
        public readonly string $body,
        public readonly array $headers,
    ) {
    }

    /** Makes the acknowledgement. @internal */
    public static function acknowledge(string $acknowledgement): self
    {
        return self::text(200, $acknowledgement);
    }

    /**
     * Makes a refusal, whose word says why.
     *
     * @internal
     *
     * @param array<string, string> $headers
     */
    public static function refuse(int $status, string $word, array $headers = []): self
    {
        return self::text($status, "not acknowledged: $word", $headers);
    }

    /** Says whether the platform may take it as an acknowledgement. */
    public function acknowledges(): bool
    {
        return $this->status === 200;
    }

    /** @param array<string, string> $headers */
    private static function text(int $status, string $body, array $headers = []): self
    {
        return new self($status, $body, $headers + [
            'Content-Type' => 'text/plain; charset=utf-8',
            'Content-Length' => (string) strlen($body),
        ]);
    }
}
