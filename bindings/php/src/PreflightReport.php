<?php

declare(strict_types=1);

namespace WoSignDoc;

/** What a preflight found; `echo $report` prints it for people. */
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

    /** Says whether orders can be sent, as far as can be told: token and registered key only a live preflight shows. */
    public function ok(): bool
    {
        return $this->document['ok'] ?? false;
    }

    /**
     * Returns the report as data.
     *
     * @return array<mixed>
     */
    public function toArray(): array
    {
        return $this->document;
    }

    /** Returns the report as text, in English. */
    public function text(): string
    {
        return $this->document['text'] ?? '';
    }

    /** Returns the report as text, in Chinese. */
    public function textZh(): string
    {
        return $this->document['text_zh'] ?? '';
    }

    public function __toString(): string
    {
        return $this->text();
    }
}
