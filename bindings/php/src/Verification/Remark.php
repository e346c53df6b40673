<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** A sentence of a report, for people. It may name who signed: show it to the people of the site, and keep it out of logs. */
final class Remark extends Redacted
{
    /** In English. */
    public readonly string $message;
    /** In Chinese. */
    public readonly string $messageZh;

    /** @internal @param array<mixed> $document */
    public function __construct(#[\SensitiveParameter] array $document)
    {
        $this->message = $document['en'] ?? '';
        $this->messageZh = $document['zh'] ?? '';
    }

    /** Reads a list of them. @internal @param array<array<mixed>> $list @return list<self> */
    public static function listFrom(#[\SensitiveParameter] array $list): array
    {
        return array_map(static fn (array $one): self => new self($one), array_values($list));
    }

    protected function shown(): array
    {
        return [];
    }
}
