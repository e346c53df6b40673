<?php

declare(strict_types=1);

namespace WoSignDoc;

use WoSignDoc\Native\Core;
use WoSignDoc\Native\Json;
use WoSignDoc\Transport\HostedPreflight;
use WoSignDoc\Transport\Transport;

/**
 * What a client needs to know: endpoint, token, certificate, trusted roots, timeouts. The settings are the
 * same in every language; the documentation lists them.
 */
final class Configuration implements \JsonSerializable
{
    /** @var ?\WeakMap<self, string> not in the objects: whatever prints one would print a passphrase */
    private static ?\WeakMap $texts = null;

    private function __construct(#[\SensitiveParameter] string $json)
    {
        self::$texts ??= new \WeakMap();
        self::$texts[$this] = $json;
    }

    /** Returns the configuration as JSON, or where it is kept; it may hold a passphrase. @internal */
    public function json(): string
    {
        return self::$texts[$this];
    }

    /** Takes settings that the program holds. @param array<string, mixed> $settings as in a configuration file */
    public static function fromArray(#[\SensitiveParameter] array $settings): self
    {
        // PHP has one empty array; no setting is a list, so each section is an object.
        $section = static fn (mixed $value): mixed => $value === [] ? new \stdClass() : $value;
        return new self(Json::encode(array_map($section, $settings)));
    }

    /**
     * Takes settings as JSON text.
     *
     * @throws Exception\InvalidCallException when it is not UTF-8
     */
    public static function fromJson(#[\SensitiveParameter] string $json): self
    {
        Json::mustBeUtf8('configuration', $json);
        return new self($json);
    }

    /**
     * Names a configuration file, such as the `client.json` that the platform's sandbox writes. Paths in it are
     * relative to the file. It is read when it is used: by a client, or by {@see preflight()}.
     *
     * @throws Exception\InvalidCallException when its name is not UTF-8
     * @throws Exception\FileException when open_basedir keeps PHP from it
     */
    public static function fromFile(string $path): self
    {
        OpenBasedir::mustAllow($path, 'file');
        return new self(Json::encode(['file' => Host::absolute($path)]));
    }

    /**
     * Takes the environment: WOSIGNDOC_ENDPOINT, WOSIGNDOC_TOKEN, WOSIGNDOC_IDENTITY and the others of the
     * documentation's table. What is missing or wrong is said by whatever uses it.
     *
     * @param ?array<string, string> $environment instead of the process's own
     */
    public static function fromEnvironment(#[\SensitiveParameter] ?array $environment = null): self
    {
        $ours = array_filter(
            $environment ?? getenv(),
            static fn (string $name): bool => str_starts_with($name, 'WOSIGNDOC_'),
            ARRAY_FILTER_USE_KEY,
        );
        return new self(Json::encode(['environment' => (object) $ours]));
    }

    /**
     * Reports what is wrong with it, the endpoint asked included. What is wrong is in the report, never thrown;
     * docs/c-abi.md (wsd_preflight) has the word of each check.
     *
     * @param ?int $timeoutMs milliseconds; null: as configured
     * @param ?Transport $transport what the client shall send by; the endpoint is asked by it
     * @param bool $live whether up to three orders are sent that must be refused, each once, since only an order shows
     *     whether the platform knows the tokenid, and whether the certificate belongs to it: nothing can come of them
     *
     * @throws Exception\InvalidCallException when $timeoutMs is out of range
     * @throws Exception\FileException when open_basedir keeps PHP from a file that it names
     */
    public function preflight(
        ?int $timeoutMs = null,
        ?Transport $transport = null,
        bool $live = false,
    ): PreflightReport {
        return new PreflightReport($transport === null
            ? Core::preflight($this->json(), $timeoutMs ?? 0, $live)
            : HostedPreflight::report($this->json(), $transport, $timeoutMs ?? 0, $live));
    }

    /** Keeps passphrases and keys out of dumps. @return array<string, string> */
    public function __debugInfo(): array
    {
        return [];
    }

    /** Does the same for json_encode(). @return array<string, string> */
    public function jsonSerialize(): array
    {
        return $this->__debugInfo();
    }

    public function __serialize(): array
    {
        throw new \LogicException('a configuration cannot be serialized: it may hold a passphrase');
    }

    private function __clone()
    {
    }
}
