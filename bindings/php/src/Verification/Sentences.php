<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/**
 * Shared by the parts of a report that say something in a sentence, for people. It may name who signed: show it to the
 * people of the site, and keep it out of logs.
 *
 * @internal
 */
trait Sentences
{
    /** The sentence in English. */
    public readonly string $message;
    /** The same in Chinese. */
    public readonly string $messageZh;

    /** Reads a list of them. @internal @param array<array<mixed>> $list @return list<self> */
    public static function listFrom(#[\SensitiveParameter] array $list): array
    {
        return array_map(static fn (array $one): self => new self($one), array_values($list));
    }

    /** @param array<mixed> $text in both languages, as a report holds it */
    private function say(#[\SensitiveParameter] array $text): void
    {
        $this->message = $text['en'] ?? '';
        $this->messageZh = $text['zh'] ?? '';
    }
}
