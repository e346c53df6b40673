<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Psr\Http\Message\StreamInterface;
use Psr\Http\Server\RequestHandlerInterface;

/** Serves the endpoint as a PSR-15 request handler. */
final class PsrPushHandler implements RequestHandlerInterface
{
    /** Bytes that are read of the body at a time. */
    private const PIECE = 65536;

    public function __construct(
        private readonly PushEndpoint $endpoint,
        private readonly ResponseFactoryInterface $responses,
        private readonly StreamFactoryInterface $streams,
    ) {
    }

    /** Answers a push. */
    public function handle(ServerRequestInterface $request): ResponseInterface
    {
        $answer = $this->answer($request);
        $response = $this->responses->createResponse($answer->status)
            ->withBody($this->streams->createStream($answer->body));
        foreach ($answer->headers as $name => $value) {
            $response = $response->withHeader($name, $value);
        }
        return $response;
    }

    private function answer(ServerRequestInterface $request): Answer
    {
        $output = new HeldOutput();
        try {
            return $this->endpoint->answer($request->getMethod(), self::pieces($request->getBody()));
        } finally {
            $output->release();
        }
    }

    /** @return iterable<string> */
    private static function pieces(StreamInterface $body): iterable
    {
        // A middleware may have read it already.
        if ($body->isSeekable()) {
            $body->rewind();
        }
        while (!$body->eof()) {
            yield $body->read(self::PIECE);
        }
    }
}
