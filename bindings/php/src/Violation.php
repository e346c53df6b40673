<?php

declare(strict_types=1);

namespace WoSignDoc;

/** One rule that an order breaks. */
final class Violation
{
    /**
     * @param int $code the platform's code for it, such as -54
     * @param string $field path of the field, such as `signerlist[1].userNo`
     * @param string $message what is wrong, in English
     * @param string $messageZh the same in Chinese
     * @param string $advice what to do, in English
     * @param string $adviceZh the same in Chinese
     */
    public function __construct(
        public readonly int $code,
        public readonly string $field,
        public readonly string $message,
        public readonly string $messageZh,
        public readonly string $advice,
        public readonly string $adviceZh,
    ) {
    }

    /**
     * Returns the violations that an error document lists.
     *
     * @internal
     *
     * @param array<mixed> $document an error document
     *
     * @return list<self>
     */
    public static function listFrom(array $document): array
    {
        return array_map(static fn (array $one): self => new self(
            $one['code'],
            $one['field'],
            $one['message'],
            $one['message_zh'],
            $one['advice'],
            $one['advice_zh'],
        ), $document['violations'] ?? []);
    }
}
