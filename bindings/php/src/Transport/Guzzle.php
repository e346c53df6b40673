<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use GuzzleHttp\ClientInterface;
use GuzzleHttp\Psr7\DroppingStream;
use GuzzleHttp\Psr7\Utils;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use WoSignDoc\Exception\InvalidCallException;

/**
 * What Guzzle, of all PSR-18 clients the one that most sites have, can do and tell beyond PSR-18: limits for a request, and
 * how far a failed one came. The package does not need it.
 *
 * @internal
 */
final class Guzzle
{
    /** Says whether a client is Guzzle's. */
    public static function is(object $client): bool
    {
        return $client instanceof ClientInterface;
    }

    /** Checks that a client, if it is Guzzle's, verifies servers. @throws InvalidCallException */
    public static function mustVerify(object $client): void
    {
        if (!self::is($client) || !method_exists($client, 'getConfig')) {
            return;
        }
        if (in_array($client->getConfig('verify'), [false, 0, ''], true)) {
            throw CurlOptions::unverified('verify');
        }
        CurlOptions::mustVerify((array) $client->getConfig('curl'));
    }

    /** Sends within limits of time and size. */
    public static function send(ClientInterface $client, RequestInterface $message, Request $request): ResponseInterface
    {
        return $client->send($message, [
            'connect_timeout' => $request->connectTimeoutMs / 1000,
            'timeout' => $request->timeoutMs / 1000,
            // It takes no more from then on, which breaks the request off.
            'sink' => new DroppingStream(Utils::streamFor(fopen('php://temp', 'r+b')), Response::MAX_BODY + 1),
            'allow_redirects' => false,
            'http_errors' => false,
            'expect' => false,
            'synchronous' => true,
        ]);
    }

    /** Says whether curl told Guzzle that no byte of a request was sent. */
    public static function sentNothing(\Throwable $error): bool
    {
        $facts = self::facts($error);
        return (float) ($facts['pretransfer_time'] ?? 1) === 0.0 && (float) ($facts['size_upload'] ?? 1) === 0.0;
    }

    /** Says whether curl told Guzzle that time ran out. */
    public static function timedOut(\Throwable $error): bool
    {
        // CURLE_OPERATION_TIMEDOUT, by its number: the extension need not be there.
        return (self::facts($error)['errno'] ?? 0) === 28;
    }

    /** Says whether curl told Guzzle that TLS failed. */
    public static function failedInTls(\Throwable $error): bool
    {
        return CurlTransport::isTls((int) (self::facts($error)['errno'] ?? 0));
    }

    /** Returns the answer that came before a failure. */
    public static function answer(\Throwable $error): ?ResponseInterface
    {
        $response = method_exists($error, 'getResponse') ? $error->getResponse() : null;
        return $response instanceof ResponseInterface ? $response : null;
    }

    /** Returns what curl told. @return array<mixed> */
    private static function facts(?\Throwable $error): array
    {
        for (; $error !== null; $error = $error->getPrevious()) {
            if (method_exists($error, 'getHandlerContext')) {
                return (array) $error->getHandlerContext();
            }
        }
        return [];
    }
}
