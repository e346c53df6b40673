<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use WoSignDoc\Exception\InvalidCallException;

/**
 * Sends by a PSR-18 client, which was made with what it shall use: certificate, roots, proxy. It has to verify servers, as
 * all do unless they are told not to. PSR-18 knows no limits: Guzzle gets those of the configuration, and any other client
 * needs time limits of its own.
 */
final class PsrTransport implements Transport
{
    /** Bytes that are read of an answer at a time. */
    private const PIECE = 16384;

    /** @var ?\WeakMap<self, ClientInterface> not in the objects: whatever prints one would print a client's passphrase */
    private static ?\WeakMap $clients = null;

    /** @throws InvalidCallException for a client of Guzzle's that does not verify servers */
    public function __construct(ClientInterface $client, private readonly RequestFactoryInterface $requests)
    {
        Guzzle::mustVerify($client);
        self::$clients ??= new \WeakMap();
        self::$clients[$this] = $client;
    }

    /** Names the client's class. */
    public function name(): string
    {
        return 'PSR-18, ' . get_debug_type(self::$clients[$this]);
    }

    /** Makes the request. */
    public function send(Request $request): Response
    {
        $end = hrtime(true) + $request->timeoutMs * 1_000_000;
        // An HTTP client may send again by itself over a connection that it kept and that turns out to be dead: it would
        // be told then that there is such an order already.
        $message = $this->requests->createRequest($request->method, $request->url)->withHeader('Connection', 'close');
        foreach ($request->headers as $name => $value) {
            $message = $message->withHeader($name, $value);
        }
        if ($request->body->length() > 0) {
            $message = $message->withBody(new PsrBody($request->body, $end))
                ->withHeader('Content-Length', (string) $request->body->length());
        }
        $client = self::$clients[$this];
        try {
            $response = Guzzle::is($client)
                ? Guzzle::send($client, $message, $request)
                : $client->sendRequest($message);
        } catch (ClientExceptionInterface | \RuntimeException $error) {
            $cut = self::cut($error, $end);
            return $cut !== null && strlen($cut->body) > Response::MAX_BODY
                ? $cut
                : throw self::noAnswer($error, $request, $end, $cut);
        }
        return self::whole($response, $end);
    }

    /** Reads an answer, in bounds of size and time. */
    private static function whole(ResponseInterface $response, int $end): Response
    {
        try {
            $body = self::body($response, $end);
        } catch (\RuntimeException $error) {
            throw new NoAnswerException($error->getMessage(), true, hrtime(true) >= $end);
        }
        $came = new Response($response->getStatusCode(), $body);
        $length = $response->getHeaderLine('Content-Length');
        $isCut = ctype_digit($length) && strlen($body) < min((int) $length, Response::MAX_BODY)
            && !$response->hasHeader('Content-Encoding');
        return $isCut ? throw new NoAnswerException('the answer was cut off', true, false, $came) : $came;
    }

    private static function body(ResponseInterface $response, int $end): string
    {
        $stream = $response->getBody();
        if ($stream->isSeekable()) {
            $stream->rewind();
        }
        $body = '';
        while (strlen($body) <= Response::MAX_BODY && !$stream->eof()) {
            if (hrtime(true) >= $end) {
                throw new \RuntimeException('the answer did not come in time');
            }
            $piece = $stream->read(min(self::PIECE, Response::MAX_BODY + 1 - strlen($body)));
            $body .= $piece;
            if ($piece === '' && !$stream->eof()) {
                usleep(1000);
            }
        }
        return $body;
    }

    private static function noAnswer(\Throwable $error, Request $request, int $end, ?Response $cut): NoAnswerException
    {
        // A client may take the body into memory before it connects: what it does not tell may have been sent.
        $mayHaveArrived = $request->body->wasRead() && !Guzzle::sentNothing($error);
        $timedOut = Guzzle::timedOut($error) || hrtime(true) >= $end;
        return new NoAnswerException($error->getMessage(), $mayHaveArrived, $timedOut, $cut, Guzzle::failedInTls($error));
    }

    /** Returns what had come of an answer, where the client's exception has it. */
    private static function cut(\Throwable $error, int $end): ?Response
    {
        $response = Guzzle::answer($error);
        try {
            return $response === null ? null : new Response($response->getStatusCode(), self::body($response, $end));
        } catch (\RuntimeException) {
            return null;
        }
    }

    /** Shows what it is called. @return array<string, string> */
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
