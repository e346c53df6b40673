<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/**
 * What was found about one side of a signature: a word, and why.
 *
 * @template T of \BackedEnum
 */
final class Finding extends Redacted
{
    /**
     * @internal
     *
     * @param T $value what was found
     * @param list<Remark> $reasons why, for people
     */
    private function __construct(
        public readonly \BackedEnum $value,
        #[\SensitiveParameter]
        public readonly array $reasons,
    ) {
    }

    /**
     * Reads one.
     *
     * @internal
     *
     * @template U of \BackedEnum
     *
     * @param class-string<U> $words an enumeration that takes any word
     * @param ?array<mixed> $document
     *
     * @return self<U>
     */
    public static function from(string $words, #[\SensitiveParameter] ?array $document): self
    {
        return new self($words::of($document['value'] ?? null), Remark::listFrom($document['reasons'] ?? []));
    }

    protected function shown(): array
    {
        return ['value' => $this->value->value];
    }
}
