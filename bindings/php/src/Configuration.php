<?php

declare(strict_types=1);

namespace WoSignDoc;

use WoSignDoc\Native\Core;
use WoSignDoc\Native\Json;

/**
 * What a client needs to know: endpoint, token, certificate, trusted roots, timeouts. The settings are the
 * same in every language; the documentation lists them.
 */
final class Configuration
{
    private function __construct(
        /** @internal the configuration as JSON, or where it is kept; may hold a passphrase */
        public readonly string $json,
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
        // A relative path starts from the folder of now, not from that of its use.
        return new self(Json::encode(['file' => realpath($path) ?: $path]));
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
        return new self(Json::encode(['environment' => (object) $ours]));
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

    /** It may hold a passphrase or a key. @return array<string, string> */
    public function __debugInfo(): array
    {
        return [];
    }
}
