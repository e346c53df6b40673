<?php

declare(strict_types=1);

namespace WoSignDoc;

/**
 * An order as JSON with the protocol's own field names, for everything that {@see SignOrder} has no name
 * for. Where the protocol takes base64, `{"path": "…"}` names a file and `{"attachment": n}` the n-th
 * attachment, counted from 0.
 */
final class RawOrder implements \JsonSerializable
{
    /** @param list<string> $attachments bytes that travel beside the JSON, without base64 */
    public function __construct(
        #[\SensitiveParameter]
        public readonly string $json,
        #[\SensitiveParameter]
        public readonly array $attachments = [],
    ) {
    }

    /** Keeps identity numbers and documents out of dumps. @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['json' => strlen($this->json) . ' bytes', 'attachments' => (string) count($this->attachments)];
    }

    /** Does the same for json_encode(). @return array<string, string> */
    public function jsonSerialize(): array
    {
        return $this->__debugInfo();
    }
}
