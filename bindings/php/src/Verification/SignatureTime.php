<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** A time of a signature, and where it is from. */
final class SignatureTime
{
    /**
     * @internal
     *
     * @param \DateTimeImmutable $time in UTC
     * @param string $source `signing_time` (the signed attribute), `m` (the dictionary's /M), `time_stamp` (over the
     *     signature) or `document_time_stamp`
     */
    private function __construct(public readonly \DateTimeImmutable $time, public readonly string $source)
    {
    }

    /** Reads one that may be missing. @internal @param ?array<mixed> $document */
    public static function orNull(?array $document): ?self
    {
        $time = self::read($document['time'] ?? null);
        return $time === null ? null : new self($time, $document['source'] ?? '');
    }

    /** Reads a time of a report. @internal */
    public static function read(?string $text): ?\DateTimeImmutable
    {
        return $text === null ? null : (date_create_immutable($text) ?: null);
    }
}
