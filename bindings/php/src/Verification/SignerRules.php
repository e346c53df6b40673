<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

use WoSignDoc\Native\Json;

/** Who has to have signed beside those of the order, and how a signer is told. A null leaves the core's own value. */
final class SignerRules extends Redacted
{
    /**
     * @param list<string> $names of organisations and persons
     * @param ?bool $inOrder whether in this order; null: only those of an order
     * @param ?int $count how many trusted signatures there have to be, time stamps not counted
     * @param ?NameMatch $name how names are compared; null: folded
     * @param ?NumberMatch $number whether numbers are compared; null: not
     * @param ?bool $dictionary whether the name, reason and place that a signature gives itself count as names
     */
    public function __construct(
        #[\SensitiveParameter]
        public readonly array $names = [],
        public readonly ?bool $inOrder = null,
        public readonly ?int $count = null,
        public readonly ?NameMatch $name = null,
        public readonly ?NumberMatch $number = null,
        public readonly ?bool $dictionary = null,
    ) {
    }

    /** Writes them as the core reads them. @return array<string, mixed> */
    public function toArray(): array
    {
        return Json::given([
            'names' => $this->names === [] ? null : array_values($this->names),
            'in_order' => $this->inOrder,
            'count' => $this->count,
            'match' => Json::given([
                'name' => $this->name?->value,
                'number' => $this->number?->value,
                'dictionary' => $this->dictionary,
            ]) ?: null,
        ]);
    }

    protected function shown(): array
    {
        return ['names' => count($this->names)];
    }
}
