<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;

/** A PSR-18 client that does what a test says, and fails as such clients do. */
final class StubClient extends \Exception implements ClientInterface, ClientExceptionInterface
{
    /** @param \Closure(RequestInterface): ResponseInterface $does */
    public function __construct(private readonly \Closure $does, string $message = '')
    {
        parent::__construct($message);
    }

    public function sendRequest(RequestInterface $request): ResponseInterface
    {
        return ($this->does)($request);
    }

    /** What a client throws, with its words. */
    public static function failure(string $words): self
    {
        return new self(static fn () => throw new \LogicException(), $words);
    }
}
