<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

use WoSignDoc\Native\Json;

/** What follows from what. A null leaves what the preset says. */
final class Policy
{
    /**
     * @param ?Consequence $unknownRevocation the document does not prove whether a certificate was revoked
     * @param ?Consequence $expired a certificate has expired, and no trusted time stamp proves that it signed before
     * @param ?Consequence $weak a hash or key is weaker than the least that is demanded
     * @param ?Consequence $warnings something is odd, and breaks nothing
     * @param ?int $rsaBits the least bits of an RSA key
     * @param ?bool $sha1 whether SHA-1 will do
     */
    public function __construct(
        public readonly ?Consequence $unknownRevocation = null,
        public readonly ?Consequence $expired = null,
        public readonly ?Consequence $weak = null,
        public readonly ?Consequence $warnings = null,
        public readonly ?int $rsaBits = null,
        public readonly ?bool $sha1 = null,
    ) {
    }

    /** Writes it as the core reads it. @return array<string, mixed> */
    public function toArray(): array
    {
        return Json::given([
            'unknown_revocation' => $this->unknownRevocation?->value,
            'expired' => $this->expired?->value,
            'weak' => $this->weak?->value,
            'warnings' => $this->warnings?->value,
            'rsa_bits' => $this->rsaBits,
            'sha1' => $this->sha1,
        ]);
    }
}
