<?php

declare(strict_types=1);

namespace WoSignDoc;

/** One signer of an order. Signers sign in the order in which they stand there. */
final class Signer implements \JsonSerializable
{
    /** @param list<SignatureBox> $boxes */
    private function __construct(
        public readonly SignerType $type,
        #[\SensitiveParameter]
        public readonly string $name,
        #[\SensitiveParameter]
        public readonly string $number,
        #[\SensitiveParameter]
        public readonly ?DocumentSource $pic,
        #[\SensitiveParameter]
        public readonly ?DocumentSource $otherPic,
        #[\SensitiveParameter]
        public readonly ?DocumentSource $stamp,
        public readonly array $boxes,
        public readonly ?string $country,
    ) {
    }

    /**
     * Makes a signer that is a company or another organisation.
     *
     * @param string $name as on the business licence
     * @param string $number the licence number
     * @param ?DocumentSource $pic scan of the licence
     * @param ?DocumentSource $otherPic other material
     * @param list<SignatureBox> $boxes where its seal goes; may be empty only with a template
     * @param ?DocumentSource $stamp picture of its seal, PNG or JPEG; without it the platform draws one
     * @param ?string $country ISO 3166-1 alpha-2; null: CN
     */
    public static function organisation(
        #[\SensitiveParameter] string $name,
        #[\SensitiveParameter] string $number,
        #[\SensitiveParameter] ?DocumentSource $pic = null,
        #[\SensitiveParameter] ?DocumentSource $otherPic = null,
        array $boxes = [],
        #[\SensitiveParameter] ?DocumentSource $stamp = null,
        ?string $country = null,
    ): self {
        return new self(SignerType::Organisation, $name, $number, $pic, $otherPic, $stamp, $boxes, $country);
    }

    /**
     * Makes a signer that is a person.
     *
     * @param string $name as on the identity card
     * @param string $number the identity number
     * @param ?DocumentSource $pic scan of the identity card
     * @param ?DocumentSource $otherPic other material
     * @param list<SignatureBox> $boxes where the seal goes; may be empty only with a template
     * @param ?DocumentSource $stamp picture of the seal or signature, PNG or JPEG; without it the platform draws one
     * @param ?string $country ISO 3166-1 alpha-2; null: CN
     */
    public static function person(
        #[\SensitiveParameter] string $name,
        #[\SensitiveParameter] string $number,
        #[\SensitiveParameter] ?DocumentSource $pic = null,
        #[\SensitiveParameter] ?DocumentSource $otherPic = null,
        array $boxes = [],
        #[\SensitiveParameter] ?DocumentSource $stamp = null,
        ?string $country = null,
    ): self {
        return new self(SignerType::Person, $name, $number, $pic, $otherPic, $stamp, $boxes, $country);
    }

    /** Writes who the signer is. @internal @return array<string, mixed> */
    public function identity(): array
    {
        [$name, $number] = $this->type === SignerType::Organisation ? ['orgName', 'orgNo'] : ['userName', 'userNo'];
        return ['signType' => $this->type->value, $name => $this->name, $number => $this->number];
    }

    /**
     * Writes the signer as the core reads it.
     *
     * @param list<string> $attachments what travels beside the JSON; added to
     *
     * @return array<string, mixed>
     */
    public function toArray(array &$attachments): array
    {
        $signer = $this->identity() + Native\Json::given([
            'country' => $this->country,
            'stampbase' => $this->stamp?->toArray($attachments),
            'pic' => $this->pic?->toArray($attachments),
            'otherpic' => $this->otherPic?->toArray($attachments),
        ]);
        $signer['signlist'] = [];
        foreach ($this->boxes as $box) {
            $signer['signlist'][] = $box->toArray();
        }
        return $signer;
    }

    /** Keeps identity numbers out of dumps. @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['type' => $this->type, 'boxes' => $this->boxes];
    }

    /** Does the same for json_encode(). @return array<string, mixed> */
    public function jsonSerialize(): array
    {
        return $this->__debugInfo();
    }
}
