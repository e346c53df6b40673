<?php

declare(strict_types=1);

namespace WoSignDoc;

/** Something odd about an order or a configuration that stops nothing. */
final class Warning
{
    /**
     * @param string $warning a stable word for programs, such as `subject_cut`
     * @param string $field path of the field
     * @param string $message what is odd, in English
     * @param string $messageZh the same in Chinese
     */
    public function __construct(
        public readonly string $warning,
        public readonly string $field,
        public readonly string $message,
        public readonly string $messageZh,
    ) {
    }

    /**
     * Returns the warnings of a document of the core.
     *
     * @internal
     *
     * @param array<mixed> $document one that holds a list of warnings, or none
     *
     * @return list<self>
     */
    public static function listFrom(array $document): array
    {
        return array_map(static fn (array $one): self => new self(
            $one['warning'] ?? '',
            $one['field'] ?? '',
            $one['message'] ?? '',
            $one['message_zh'] ?? '',
        ), $document['warnings'] ?? []);
    }
}
