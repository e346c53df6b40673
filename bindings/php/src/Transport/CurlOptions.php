<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use WoSignDoc\Exception\InvalidCallException;

/**
 * Which options of curl a site may give, and which an order's request has.
 *
 * @internal
 */
final class CurlOptions
{
    /** What verifies a server or a proxy; PHP and curl may lack some. */
    private const VERIFYING = [
        'CURLOPT_SSL_VERIFYPEER', 'CURLOPT_SSL_VERIFYHOST', 'CURLOPT_PROXY_SSL_VERIFYPEER', 'CURLOPT_PROXY_SSL_VERIFYHOST',
        'CURLOPT_DOH_SSL_VERIFYPEER', 'CURLOPT_DOH_SSL_VERIFYHOST',
    ];

    /** What says which versions of TLS are spoken, the lowest in its lower half. */
    private const VERSIONS = ['CURLOPT_SSLVERSION', 'CURLOPT_PROXY_SSLVERSION'];

    /** What the request itself is; {@see ofRequest()} sets some of them, and the others would change it. */
    private const OF_REQUEST = [
        'URL', 'PORT', 'UPLOAD', 'PUT', 'POST', 'POSTFIELDS', 'HTTPGET', 'NOBODY', 'CUSTOMREQUEST', 'REQUEST_TARGET',
        'HTTPHEADER', 'USERAGENT', 'INFILE', 'INFILESIZE', 'READFUNCTION', 'READDATA', 'RESUME_FROM', 'RANGE', 'WRITEFUNCTION', 'FILE',
        'HEADERFUNCTION', 'WRITEHEADER', 'HEADER', 'RETURNTRANSFER', 'FAILONERROR', 'FOLLOWLOCATION', 'CONNECT_ONLY', 'PROTOCOLS',
        'PROTOCOLS_STR', 'HTTP_VERSION', 'HTTP09_ALLOWED', 'CONNECTTIMEOUT', 'CONNECTTIMEOUT_MS', 'TIMEOUT', 'TIMEOUT_MS',
    ];

    /**
     * Checks what a site gives.
     *
     * @param array<int, mixed> $options
     *
     * @throws InvalidCallException
     */
    public static function check(#[\SensitiveParameter] array $options): void
    {
        if (!function_exists('curl_init')) {
            throw self::refused('curl', 'the extension curl is missing', '缺少 curl 扩展', 'install and enable it', '请安装并启用该扩展');
        }
        self::mustVerify($options);
        foreach (array_keys($options) as $option) {
            $name = self::name($option);
            if (in_array(substr($name, strlen('CURLOPT_')), self::OF_REQUEST, true)) {
                throw self::refused(
                    $name,
                    'this is set for each request by the order and the configuration',
                    '该选项由订单和配置为每个请求设定',
                    'leave it out; endpoint, user_agent and timeouts are settings of the configuration',
                    '请去掉该选项；endpoint、user_agent 和 timeouts 是配置项',
                );
            }
        }
    }

    /**
     * Checks that no option turns verification off.
     *
     * @param array<int, mixed> $options
     *
     * @throws InvalidCallException
     */
    public static function mustVerify(#[\SensitiveParameter] array $options): void
    {
        foreach ($options as $option => $value) {
            $name = self::name($option);
            if (self::weakens($name, $value)) {
                throw self::unverified($name);
            }
        }
    }

    /** Refuses what turns verification off. */
    public static function unverified(string $name): InvalidCallException
    {
        return self::refused(
            $name,
            'what turns the verification of TLS off, or lets an old version in, is refused',
            '不允许关闭 TLS 验证或使用旧版本',
            'leave it out: TLS 1.2 is the lowest version, and a private CA is trusted by CURLOPT_CAINFO (of Guzzle: verify)',
            '请去掉该选项：最低版本为 TLS 1.2；私有 CA 可用 CURLOPT_CAINFO 信任（Guzzle 中为 verify）',
        );
    }

    /**
     * Returns a handle for a request that shall be made with these options.
     *
     * @param array<int, mixed> $options those of a site
     *
     * @throws InvalidCallException naming the one that curl does not take
     */
    public static function handle(#[\SensitiveParameter] array $options): \CurlHandle
    {
        $handle = curl_init();
        self::apply($handle, $options + [CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_2]);
        return $handle;
    }

    /**
     * Sets options.
     *
     * @param array<int, mixed> $options
     *
     * @throws InvalidCallException naming the one that curl does not take
     */
    public static function apply(\CurlHandle $handle, #[\SensitiveParameter] array $options): void
    {
        foreach ($options as $option => $value) {
            try {
                $taken = @curl_setopt($handle, $option, $value);
            } catch (\TypeError | \ValueError) {
                $taken = false;
            }
            if (!$taken) {
                throw self::refused(
                    self::name($option),
                    // Its own words may quote the value.
                    'curl does not take this option, or not this value',
                    'curl 不接受该选项或其值',
                    'see what this curl and its TLS library can do (curl_version()), and whether open_basedir allows the file',
                    '请用 curl_version() 查看该 curl 及其 TLS 库支持的功能，并确认 open_basedir 允许该文件',
                );
            }
        }
    }

    /** Returns the options of a request. @return array<int, mixed> */
    public static function ofRequest(Request $request): array
    {
        $headers = array_map(
            static fn (string $name, string $value): string => "$name: $value",
            array_keys($request->headers),
            $request->headers,
        );
        // With no wait for a server to agree to the body, which not every one answers.
        $own = [
            CURLOPT_URL => $request->url,
            CURLOPT_HTTPHEADER => [...$headers, 'Expect:'],
            CURLOPT_PROTOCOLS => CURLPROTO_HTTPS,
            CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_CONNECTTIMEOUT_MS => $request->connectTimeoutMs,
            CURLOPT_TIMEOUT_MS => $request->timeoutMs,
        ];
        return $request->body->length() === 0 ? $own : $own + [
            CURLOPT_UPLOAD => true,
            CURLOPT_INFILESIZE => $request->body->length(),
            CURLOPT_CUSTOMREQUEST => $request->method,
        ];
    }

    private static function weakens(string $name, #[\SensitiveParameter] mixed $value): bool
    {
        return match (true) {
            in_array($name, self::VERIFYING, true) => !in_array($value, [true, 1, 2], true),
            in_array($name, self::VERSIONS, true) => !is_int($value) || ($value & 0xFFFF) < CURL_SSLVERSION_TLSv1_2,
            default => false,
        };
    }

    private static function name(int|string $option): string
    {
        $options = array_filter(
            get_defined_constants(true)['curl'] ?? [],
            static fn (mixed $value, string $name): bool => $value === $option && str_starts_with($name, 'CURLOPT_'),
            ARRAY_FILTER_USE_BOTH,
        );
        return array_key_first($options) ?? "option $option";
    }

    private static function refused(
        string $name,
        string $message,
        string $messageZh,
        string $advice,
        string $adviceZh,
    ): InvalidCallException {
        return InvalidCallException::of('bad_option', $message, $messageZh, $advice, $adviceZh, $name);
    }
}
