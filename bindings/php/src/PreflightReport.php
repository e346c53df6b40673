<?php

declare(strict_types=1);

namespace WoSignDoc;

/** What a preflight found. `echo $report` prints it for people. */
final class PreflightReport implements \Stringable
{
    /**
     * @internal
     *
     * @param array<mixed> $document
     */
    public function __construct(private readonly array $document)
    {
    }

    /** Whether nothing was found that keeps orders from being sent. Token and registered key only an order tells. */
    public function ok(): bool
    {
        return $this->document['ok'] ?? false;
    }

    /**
     * The report as data.
     *
     * @return array<mixed>
     */
    public function toArray(): array
    {
        return $this->document;
    }

    /** The report as text, in English. */
    public function text(): string
    {
        return $this->document['text'] ?? '';
    }

    /** The report as text, in Chinese. */
    public function textZh(): string
    {
        return $this->document['text_zh'] ?? '';
    }

    public function __toString(): string
    {
        return $this->text();
    }
}
