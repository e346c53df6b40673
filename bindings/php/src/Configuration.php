<?php

declare(strict_types=1);

namespace WoSignDoc;

use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Native\Core;
use WoSignDoc\Native\Json;

/**
 * What a client needs to know: endpoint, token, certificate, trusted roots, timeouts. The settings are the
 * same in every language; the documentation lists them.
 */
final class Configuration
{
    /** The settings as JSON, once they were read from where they are kept. */
    private ?string $settings = null;

    private function __construct(
        /** @internal the configuration as JSON, or where it is kept; may hold a passphrase */
        public readonly string $json,
        private readonly bool $keptElsewhere = false,
    ) {
    }

    /** @param array<string, mixed> $settings as in a configuration file */
    public static function fromArray(#[\SensitiveParameter] array $settings): self
    {
        return new self(Json::encode($settings));
    }

    /** Settings as JSON text. */
    public static function fromJson(#[\SensitiveParameter] string $json): self
    {
        return new self($json);
    }

    /**
     * A configuration file, such as the `client.json` that the platform's sandbox writes. Paths in it are
     * relative to the file. It is read when it is used: by a client, or by {@see preflight()}.
     */
    public static function fromFile(string $path): self
    {
        return new self(Json::encode(['file' => $path]), true);
    }

    /**
     * The environment: WOSIGNDOC_ENDPOINT, WOSIGNDOC_TOKEN, WOSIGNDOC_IDENTITY and the others of the
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
        return new self(Json::encode(['environment' => (object) $ours]), true);
    }

    /**
     * Reports what is wrong with it, the endpoint asked included: certificate, key, expiry, chain, clock.
     * What is wrong is in the report, never thrown.
     *
     * @param ?int $timeoutMs milliseconds; null: as configured
     */
    public function preflight(?int $timeoutMs = null): PreflightReport
    {
        return new PreflightReport(Core::preflight($this->json, $timeoutMs ?? 0));
    }

    /**
     * @internal the settings as JSON; may hold a passphrase
     *
     * @throws WoSignDocException when they cannot be read
     */
    public function settings(): string
    {
        return $this->settings ??= $this->keptElsewhere ? Core::resolve($this->json) : $this->json;
    }

    /** It may hold a passphrase or a key. @return array<string, string> */
    public function __debugInfo(): array
    {
        return [];
    }
}
