<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** A sentence of a report, for people. It may name who signed: show it to the people of the site, and keep it out of logs. */
final class Remark extends Redacted
{
    use Sentences;

    /** @internal @param array<mixed> $document */
    public function __construct(#[\SensitiveParameter] array $document)
    {
        $this->say($document);
    }

    protected function shown(): array
    {
        return [];
    }
}
