<?php

declare(strict_types=1);

namespace WoSignDoc;

/**
 * A signing order (CreateSignOrder). Nothing is checked here: the core knows the rules, and reports every
 * violation at once, as an {@see Exception\InvalidOrderException}.
 */
final class SignOrder implements \JsonSerializable
{
    /**
     * @param string $orderNumber the caller's own, unique number of this contract
     * @param list<Signer> $signers who signs, in signing order
     * @param ?DocumentSource $document the document; may be missing with a template
     * @param ?string $fileFormat the document's suffix, such as `pdf`; null: that of the source's path
     * @param ?string $subject at most 256 characters; a longer one is cut, with a warning
     * @param ?string $template the platform's template id (`tempid`)
     * @param ?string $password opens the signed document; null: it is not encrypted
     */
    public function __construct(
        public readonly string $orderNumber,
        #[\SensitiveParameter]
        public readonly array $signers,
        #[\SensitiveParameter]
        public readonly ?DocumentSource $document = null,
        public readonly ?string $fileFormat = null,
        public readonly ?string $subject = null,
        public readonly ?string $template = null,
        #[\SensitiveParameter]
        public readonly ?string $password = null,
    ) {
    }

    /**
     * Writes the order as JSON with its bytes beside it: what {@see Client::create()} hands to the core.
     *
     * @throws Exception\InvalidCallException when a text is not UTF-8
     */
    public function toRaw(): RawOrder
    {
        $attachments = [];
        $order = Native\Json::given([
            'tempid' => $this->template,
            'subject' => $this->subject,
            'password' => $this->password,
            'filebase' => $this->document?->toArray($attachments),
            'fileformat' => $this->fileFormat ?? $this->document?->suffix(),
            'orderNumber' => $this->orderNumber,
        ]);
        $order['signerlist'] = [];
        foreach ($this->signers as $signer) {
            $order['signerlist'][] = $signer->toArray($attachments);
        }
        return new RawOrder(Native\Json::encode($order), $attachments);
    }

    /**
     * Writes who signs as JSON, to be kept until the signed document comes: as a {@see RawOrder} it goes into
     * {@see Verification\VerifyOptions::withOrder()}. It has names and numbers, but no document, material or password.
     *
     * @throws Exception\InvalidCallException when a text is not UTF-8
     */
    public function signersAsJson(): string
    {
        return Native\Json::encode($this->signersOnly());
    }

    /**
     * Writes who signs, for verifying what came back: no document, no material, no place.
     *
     * @internal
     *
     * @return array<string, mixed>
     */
    public function signersOnly(): array
    {
        return ['signerlist' => array_map(static fn (Signer $one): array => $one->identity(), array_values($this->signers))];
    }

    /** Keeps password and identity numbers out of dumps. @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['orderNumber' => $this->orderNumber, 'document' => $this->document, 'signers' => $this->signers];
    }

    /** Does the same for json_encode(). @return array<string, mixed> */
    public function jsonSerialize(): array
    {
        return $this->__debugInfo();
    }
}
