<?php

declare(strict_types=1);

namespace WoSignDoc\Push;

use WoSignDoc\Host;
use WoSignDoc\Verification\VerifyOptions;

/** What a receiver accepts. A null leaves the core's own value. */
final class PushOptions
{
    /** The folder for documents that were refused, as a whole path. */
    public readonly ?string $quarantine;

    /**
     * @param ?string $expectOrderNumber refuse a push for another order
     * @param ?string $expectSignid refuse a push for another signid
     * @param ?int $maxBody bytes of the whole body
     * @param ?int $maxEnvelope bytes of what surrounds the document
     * @param ?int $maxDepth levels of nesting
     * @param bool $overwrite whether a file that is there already is replaced; if not, one that holds the very same
     *     document is fine ({@see ReceivedPush::$alreadyStored}), and any other is an error
     * @param ?VerifyOptions $verify whom to trust: a document whose signatures do not prove it is refused, by an
     *     {@see \WoSignDoc\Exception\UntrustedException} (`document_untrusted`); null: nothing is verified
     * @param ?string $quarantine a folder for such documents, `SHA-256.pdf`, each with its report, `SHA-256.json`; it
     *     is made, for this user only, where it is missing
     * @param ?int $maxQuarantined how many are kept there; a further one is refused all the same
     */
    public function __construct(
        public readonly ?string $expectOrderNumber = null,
        public readonly ?string $expectSignid = null,
        public readonly ?int $maxBody = null,
        public readonly ?int $maxEnvelope = null,
        public readonly ?int $maxDepth = null,
        public readonly bool $overwrite = true,
        public readonly ?VerifyOptions $verify = null,
        ?string $quarantine = null,
        public readonly ?int $maxQuarantined = null,
    ) {
        $this->quarantine = $quarantine === null ? null : Host::absolute($quarantine);
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
            'quarantine' => array_filter([
                'folder' => $this->quarantine,
                'max_files' => $this->maxQuarantined,
            ], $given),
        ], $given);
    }

    /** Returns whom to trust; an object also where nobody is. */
    private function verification(): ?object
    {
        return $this->verify === null ? null : (object) $this->verify->forPushes();
    }
}
