<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** One change to a document; the message says what was changed. */
final class DocumentChange extends Redacted
{
    use Sentences;

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

    /** @param array<mixed> $document */
    private function __construct(#[\SensitiveParameter] array $document)
    {
        $this->kind = $document['kind'] ?? '';
        $this->value = Changes::of($document['value'] ?? null);
        $this->object = $document['object'] ?? null;
        $this->page = $document['page'] ?? null;
        $this->field = $document['field'] ?? null;
        $this->say($document['message'] ?? []);
    }

    protected function shown(): array
    {
        return ['kind' => $this->kind, 'value' => $this->value->value, 'page' => $this->page];
    }
}
