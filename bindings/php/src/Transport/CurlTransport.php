<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Exception\WoSignDocException;

/**
 * Sends by PHP's extension curl. What it shall use is given as curl's own options: a key in a store or on a smart card
 * (CURLOPT_SSLCERT, CURLOPT_SSLENGINE, …), roots (CURLOPT_CAINFO), a proxy with its way to log in (CURLOPT_PROXYAUTH).
 * Each order has a connection of its own, so that processes may fork.
 */
final class CurlTransport implements Transport
{
    /** What an HTTP client says that breaks off reading a body: CURL_READFUNC_ABORT, for which PHP has no name. */
    private const ABORT = 0x1000_0000;

    /** Bytes of an answer's headers that are read. */
    private const MAX_HEADERS = 65536;

    /** @var ?\WeakMap<self, array<int, mixed>> not in the objects: whatever prints one would print a passphrase */
    private static ?\WeakMap $options = null;

    /**
     * @param array<int, mixed> $options of curl_setopt_array(), but none that turns verification off, and none of the
     *     request itself: its address, headers, body and time limits come from the order and the configuration
     *
     * @throws InvalidCallException when the extension is missing, or an option cannot be set
     */
    public function __construct(#[\SensitiveParameter] array $options = [])
    {
        CurlOptions::check($options);
        self::$options ??= new \WeakMap();
        self::$options[$this] = $options;
        // What curl does not take shall be said before the first order.
        CurlOptions::handle($options);
    }

    /** Names curl, its version and its TLS library. */
    public function name(): string
    {
        $version = (array) curl_version();
        return "curl {$version['version']} ({$version['ssl_version']})";
    }

    /** Makes the request. */
    public function send(Request $request): Response
    {
        $handle = CurlOptions::handle(self::$options[$this]);
        $answer = '';
        $headers = 0;
        CurlOptions::apply($handle, CurlOptions::ofRequest($request) + [
            CURLOPT_WRITEFUNCTION => static function ($handle, string $piece) use (&$answer): int {
                $answer .= $piece;
                return strlen($answer) > Response::MAX_BODY ? 0 : strlen($piece);
            },
            CURLOPT_HEADERFUNCTION => static function ($handle, string $line) use (&$headers): int {
                $headers += strlen($line);
                return $headers > self::MAX_HEADERS ? 0 : strlen($line);
            },
            CURLOPT_READFUNCTION => static function ($handle, $file, int $length) use ($request): string|int {
                try {
                    return $request->body->read($length);
                } catch (WoSignDocException) {
                    // The body remembers it; an exception would not end the request.
                    return self::ABORT;
                }
            },
        ]);
        curl_exec($handle);
        $response = new Response(curl_getinfo($handle, CURLINFO_RESPONSE_CODE), substr($answer, 0, Response::MAX_BODY + 1));
        if (curl_errno($handle) === CURLE_OK || strlen($answer) > Response::MAX_BODY) {
            return $response;
        }
        throw new NoAnswerException(
            $headers > self::MAX_HEADERS ? 'the headers of the answer are too long' : self::words($handle),
            $request->body->wasRead(),
            curl_errno($handle) === CURLE_OPERATION_TIMEOUTED,
            $response->status === 0 ? null : $response,
            self::isTls(curl_errno($handle)),
        );
    }

    /**
     * Says whether this number of curl's means that TLS failed.
     *
     * @internal
     */
    public static function isTls(int $number): bool
    {
        // CURLE_SSL_CONNECT_ERROR, _ENGINE_NOTFOUND, _SETFAILED, _CERTPROBLEM, _CIPHER, CURLE_PEER_FAILED_VERIFICATION,
        // CURLE_SSL_ENGINE_INITFAILED, _CACERT_BADFILE, _ISSUER_ERROR, _PINNEDPUBKEYNOTMATCH, _INVALIDCERTSTATUS, _CLIENTCERT:
        // by their numbers, which older versions of PHP do not all name.
        return in_array($number, [35, 53, 54, 58, 59, 60, 66, 77, 83, 90, 91, 98], true);
    }

    private static function words(\CurlHandle $handle): string
    {
        $number = curl_errno($handle);
        return "curl $number: " . (curl_error($handle) ?: curl_strerror($number));
    }

    /** Keeps passphrases out of dumps. @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['name' => $this->name()];
    }

    public function __serialize(): array
    {
        throw new \LogicException('a transport cannot be serialized: it may hold a passphrase');
    }

    private function __clone()
    {
    }
}
