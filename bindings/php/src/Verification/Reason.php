<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

/** One reason of a verdict. Its code names nobody, and may be logged; its message may. */
final class Reason extends Redacted
{
    /** What it is, for programs, such as `untrusted`. */
    public readonly string $code;
    /** What follows from it. */
    public readonly Consequence $then;
    /** The form field of the signature that it is about. */
    public readonly ?string $signature;
    /** The same for people, in English. */
    public readonly string $message;
    /** The same in Chinese. */
    public readonly string $messageZh;

    /** @internal @param array<mixed> $document */
    public function __construct(#[\SensitiveParameter] array $document)
    {
        $this->code = $document['code'] ?? '';
        $this->then = Consequence::of($document['then'] ?? null);
        $this->signature = $document['signature'] ?? null;
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
        return ['code' => $this->code, 'then' => $this->then->value];
    }
}
