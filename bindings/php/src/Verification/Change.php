<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** One change to a document. */
final class Change extends Redacted
{
    /** What kind of thing was changed, such as `page`, `annotation` or `form_value`. */
    public readonly string $kind;
    /** Whether it may be. */
    public readonly Changes $value;
    /** The object that was changed. */
    public readonly ?int $object;
    /** The page, counted from 1. */
    public readonly ?int $page;
    /** The form field. */
    public readonly ?string $field;
    /** What was changed, in English. */
    public readonly string $message;
    /** The same in Chinese. */
    public readonly string $messageZh;

    /** @param array<mixed> $document */
    private function __construct(#[\SensitiveParameter] array $document)
    {
        $this->kind = $document['kind'] ?? '';
        $this->value = Changes::of($document['value'] ?? null);
        $this->object = $document['object'] ?? null;
        $this->page = $document['page'] ?? null;
        $this->field = $document['field'] ?? null;
        $remark = new Remark($document['message'] ?? []);
        $this->message = $remark->message;
        $this->messageZh = $remark->messageZh;
    }

    /** Reads a list of them. @internal @param array<array<mixed>> $list @return list<self> */
    public static function listFrom(#[\SensitiveParameter] array $list): array
    {
        return array_map(static fn (array $one): self => new self($one), array_values($list));
    }

    protected function shown(): array
    {
        return ['kind' => $this->kind, 'value' => $this->value->value, 'page' => $this->page];
    }
}
