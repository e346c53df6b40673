<?php

declare(strict_types=1);

namespace WoSignDoc\Push;

use WoSignDoc\Verification\VerifyOptions;

/** What a receiver accepts. A null leaves the core's own value. */
final class PushOptions
{
    /** Where documents are kept that were refused. */
    public readonly ?QuarantineOptions $quarantine;

    /**
     * @param ?string $expectOrderNumber refuse a push for another order
     * @param ?string $expectSignid refuse a push for another signid
     * @param ?int $maxBody bytes of the whole body
     * @param ?int $maxEnvelope bytes of what surrounds the document
     * @param ?int $maxDepth levels of nesting
     * @param bool $overwrite whether a file that is there already is replaced; if not, one that holds the very same
     *     document is fine ({@see ReceivedPush::$alreadyStored}), and any other is an error
     * @param ?VerifyOptions $verify whom to trust, somebody at least: a document whose signatures do not prove it is
     *     refused, by an {@see \WoSignDoc\Exception\UntrustedException} (`document_untrusted`); null: nothing is verified
     * @param string|QuarantineOptions|null $quarantine where such documents are kept, each with its report: a folder, or
     *     all that can be set about it; null: nowhere
     */
    public function __construct(
        public readonly ?string $expectOrderNumber = null,
        public readonly ?string $expectSignid = null,
        public readonly ?int $maxBody = null,
        public readonly ?int $maxEnvelope = null,
        public readonly ?int $maxDepth = null,
        public readonly bool $overwrite = true,
        public readonly ?VerifyOptions $verify = null,
        string|QuarantineOptions|null $quarantine = null,
    ) {
        $this->quarantine = is_string($quarantine) ? new QuarantineOptions($quarantine) : $quarantine;
    }

    /**
     * Writes the options as the core reads them.
     *
     * @return array<string, mixed>
     */
    public function toArray(?string $path = null): array
    {
        $given = static fn (mixed $value): bool => $value !== null && $value !== [];
        return array_filter([
            'path' => $path,
            'overwrite' => $this->overwrite ? null : false,
            'expect' => array_filter([
                'ordernumber' => $this->expectOrderNumber,
                'signid' => $this->expectSignid,
            ], $given),
            'limits' => array_filter([
                'body' => $this->maxBody,
                'envelope' => $this->maxEnvelope,
                'depth' => $this->maxDepth,
            ], $given),
            'verify' => $this->verification(),
            'quarantine' => $this->quarantine?->toArray(),
        ], $given);
    }

    /** Returns whom to trust; an object also where nobody is, which the core refuses. */
    private function verification(): ?object
    {
        return $this->verify === null ? null : (object) $this->verify->forPushes();
    }
}
