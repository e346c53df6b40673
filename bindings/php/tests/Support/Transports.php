<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

use GuzzleHttp\Client as Guzzle;
use GuzzleHttp\Psr7\HttpFactory;
use WoSignDoc\Client;
use WoSignDoc\Configuration;
use WoSignDoc\Transport\CurlTransport;
use WoSignDoc\Transport\PsrTransport;
use WoSignDoc\Transport\Transport;

/** Every way to send an order: the library's own, and the host's. */
final class Transports
{
    public const OWN = 'built-in';
    public const HOSTS = ['curl', 'guzzle'];

    /** @return iterable<string, array{string}> */
    public static function all(): iterable
    {
        foreach ([self::OWN, ...self::HOSTS] as $name) {
            yield $name => [$name];
        }
    }

    /** @return iterable<string, array{string}> */
    public static function hosts(): iterable
    {
        foreach (self::HOSTS as $name) {
            yield $name => [$name];
        }
    }

    /** A client of the sandbox's, whose certificate and roots a transport has in place of the settings. @param array<string, mixed> $settings */
    public static function client(string $name, array $settings = []): Client
    {
        return new Client(self::configuration($name, $settings), self::of($name));
    }

    /** @param array<string, mixed> $settings */
    public static function configuration(string $name, array $settings = []): Configuration
    {
        $settings = Platform::shared()->settings($settings);
        return Configuration::fromArray($name === self::OWN ? $settings : array_diff_key($settings, ['identity' => 0, 'roots' => 0]));
    }

    /** @param array<int, mixed> $more options of curl's, besides */
    public static function of(string $name, array $more = []): ?Transport
    {
        $settings = Platform::shared()->settings();
        ['certificate_file' => $certificate, 'key_file' => $key] = $settings['identity'];
        $passphrase = $settings['identity']['passphrase'] ?? '';
        $roots = $settings['roots']['ca_file'];
        return match ($name) {
            self::OWN => null,
            'curl' => new CurlTransport([
                CURLOPT_CAINFO => $roots,
                CURLOPT_SSLCERT => $certificate,
                CURLOPT_SSLKEY => $key,
                CURLOPT_KEYPASSWD => $passphrase,
            ] + $more),
            'guzzle' => new PsrTransport(
                new Guzzle(['verify' => $roots, 'cert' => $certificate, 'ssl_key' => [$key, $passphrase], 'curl' => $more]),
                new HttpFactory(),
            ),
        };
    }
}
