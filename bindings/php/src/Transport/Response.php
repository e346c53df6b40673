<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

/** What the server answered, whatever its status. */
final class Response
{
    /**
     * Bytes of an answer that need to be read: what is longer is refused by the library. A transport reads no more than one
     * byte beyond, for nobody knows how much would come.
     */
    public const MAX_BODY = 1024 * 1024;

    public function __construct(
        public readonly int $status,
        #[\SensitiveParameter]
        public readonly string $body,
    ) {
    }
}
