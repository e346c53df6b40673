<?php

declare(strict_types=1);

namespace WoSignDoc\Verification;

use WoSignDoc\DocumentSource;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Host;
use WoSignDoc\Native\Json;
use WoSignDoc\RawOrder;
use WoSignDoc\SignOrder;

/**
 * What a document is held against. Nobody is trusted by itself: give roots, or blocks of {@see Verifier::trustOf()}.
 * Nothing is checked here: the core is asked, and names the setting that is wrong.
 */
final class VerifyOptions extends Redacted
{
    /** Settings that have settings of their own. */
    private const SECTIONS = ['roots' => [], 'policy' => [], 'signers' => ['match' => []]];

    /** Settings that are lists. */
    private const LISTS = ['ca_file', 'ca', 'trust', 'names'];

    /** @var array<string, mixed> as the core reads them */
    private readonly array $settings;

    /**
     * @param string|list<string> $rootFiles files of trusted roots: PEM, DER or PKCS#7
     * @param string|list<string> $roots the same as texts, in PEM
     * @param list<TrustBlock> $trust what a person has looked at
     * @param ?string $password of an encrypted document, the user's or the owner's
     * @param ?\DateTimeInterface $at the time to judge at; null: now. A trusted time stamp goes before it
     * @param ?Preset $preset a policy that is ready to use
     * @param ?Policy $policy what is otherwise than in the preset
     * @param SignOrder|RawOrder|null $order the order as it was sent: each of its signers has to have signed, in their order
     * @param ?SignerRules $signers who else has to have signed, and how signers are told
     * @param ?DocumentSource $sent what was sent for signing, to be compared
     * @param array<string, mixed> $settings as a configuration holds them, by the names of docs/verification.md. What is
     *     given by name beside them goes before: `roots`, `policy` and `signers` setting by setting, so that all others stay
     *     as they are; all else as a whole, an order and a list such as that of names too
     *
     * @throws InvalidCallException when an order is no JSON
     */
    public function __construct(
        string|array $rootFiles = [],
        string|array $roots = [],
        #[\SensitiveParameter] array $trust = [],
        #[\SensitiveParameter] ?string $password = null,
        ?\DateTimeInterface $at = null,
        ?Preset $preset = null,
        ?Policy $policy = null,
        #[\SensitiveParameter] SignOrder|RawOrder|null $order = null,
        #[\SensitiveParameter] ?SignerRules $signers = null,
        private readonly ?DocumentSource $sent = null,
        #[\SensitiveParameter] array $settings = [],
    ) {
        $files = array_map(static fn (string $file): string => Host::absolute($file), (array) $rootFiles);
        $given = array_filter([
            'roots' => array_filter(['ca_file' => array_values($files), 'ca' => array_values((array) $roots)]),
            'trust' => array_map(static fn (TrustBlock $one): array => $one->toArray(), array_values($trust)),
            'policy' => $policy?->toArray() ?? [],
            'signers' => $signers?->toArray() ?? [],
        ]);
        $given += Json::given([
            'password' => $password,
            'at' => $at === null ? null : gmdate('Y-m-d\TH:i:s\Z', $at->getTimestamp()),
            'preset' => $preset?->value,
            'order' => $order === null ? null : self::order($order),
        ]);
        if ($sent !== null) {
            unset($settings['sent']);
        }
        // PHP has one empty array; this is an object.
        if (($settings['order'] ?? null) === []) {
            $settings['order'] = new \stdClass();
        }
        $this->settings = self::merged($given, $settings);
    }

    /**
     * Puts settings over others: a section on a section, with its parts; a list behind a list, so that nobody who was
     * demanded is forgotten; all else in the place of what was there.
     *
     * @param array<string, mixed> $given
     * @param array<mixed> $settings
     * @param array<string, mixed> $sections those that are there, each with those that it has
     *
     * @return array<string, mixed>
     */
    private static function merged(
        #[\SensitiveParameter] array $given,
        #[\SensitiveParameter] array $settings,
        array $sections = self::SECTIONS,
    ): array {
        foreach ($sections as $name => $parts) {
            $below = $settings[$name] ?? null;
            if (!is_array($below) && !$below instanceof \stdClass) {
                continue;
            }
            $section = self::merged($given[$name] ?? [], (array) $below, $parts);
            $given[$name] = $section === [] ? new \stdClass() : $section;
        }
        foreach (self::LISTS as $name) {
            if (isset($given[$name], $settings[$name])) {
                $given[$name] = array_merge(self::listed($settings[$name]), self::listed($given[$name]));
            }
        }
        return $given + $settings;
    }

    /**
     * Returns a list; one that stands alone is a list of one.
     *
     * @return list<mixed>
     */
    private static function listed(#[\SensitiveParameter] mixed $value): array
    {
        return is_array($value) && array_is_list($value) ? $value : [$value];
    }

    /**
     * Takes settings as a configuration holds them, such as one into which {@see TrustReport::trustJson()} was pasted.
     *
     * @param array<string, mixed> $settings by the names of docs/verification.md
     */
    public static function fromArray(#[\SensitiveParameter] array $settings): self
    {
        return new self(settings: $settings);
    }

    /**
     * Returns the same options with an order as it was sent: each of its signers has to have signed, in their order. Together
     * with {@see withSent()} this binds a document to what was ordered: the order number of a push proves nothing.
     *
     * @throws InvalidCallException when the order is no JSON
     */
    public function withOrder(#[\SensitiveParameter] SignOrder|RawOrder $order): self
    {
        return new self(order: $order, sent: $this->sent, settings: $this->settings);
    }

    /**
     * Returns the same options with more rules of who has to have signed, such as the names that the site noted before it
     * sent. What is not given here stays as it is.
     */
    public function withSigners(#[\SensitiveParameter] SignerRules $signers): self
    {
        return new self(signers: $signers, sent: $this->sent, settings: $this->settings);
    }

    /** Returns the same options with what was sent for signing, to be compared. */
    public function withSent(DocumentSource $sent): self
    {
        return new self(sent: $sent, settings: $this->settings);
    }

    /** Returns what was sent for signing. @internal */
    public function sent(): ?DocumentSource
    {
        return $this->sent;
    }

    /**
     * Writes the options as the core reads them, without what was sent.
     *
     * @internal
     *
     * @return array<string, mixed>
     */
    public function toArray(): array
    {
        return $this->settings;
    }

    /**
     * Writes the options as those of a push hold them: the core reads what was sent from a file there.
     *
     * @internal
     *
     * @return array<string, mixed>
     *
     * @throws InvalidCallException when what was sent is in no file
     */
    public function forPushes(): array
    {
        [$bytes, $file] = $this->sent?->bytesOrFile() ?? [null, null];
        if ($bytes !== null) {
            throw InvalidCallException::of(
                'bad_option',
                'what was sent must be a file here',
                '所发送的原文在此处应为文件',
                'give it by DocumentSource::path(), or verify in the function that gets the push',
                '请使用 DocumentSource::path()，或在接收推送的函数中验证',
                'verify.sent',
            );
        }
        return Json::given(['sent' => $file]) + $this->settings;
    }

    /** Returns an order's JSON, whose signers the core reads. */
    private static function order(#[\SensitiveParameter] SignOrder|RawOrder $order): mixed
    {
        if ($order instanceof SignOrder) {
            return $order->signersOnly();
        }
        try {
            return json_decode($order->json, false, 512, JSON_THROW_ON_ERROR);
        } catch (\JsonException) {
            throw InvalidCallException::of(
                'bad_json',
                'the order is not JSON',
                '订单不是 JSON',
                'give the order as it was sent',
                '请提供发送时的订单',
                'order',
            );
        }
    }

    /** Keeps password and signers out of dumps. @return array<string, mixed> */
    protected function shown(): array
    {
        return ['settings' => array_keys($this->settings)];
    }
}
