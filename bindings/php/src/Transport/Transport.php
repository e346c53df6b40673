<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

/**
 * Sends orders by an HTTP client of the host: {@see CurlTransport}, {@see PsrTransport}, or one of the site's own. It makes
 * one request and gives back what came; what an answer means and whether an order is sent again, the library decides.
 */
interface Transport
{
    /** Returns what reports call it, such as `curl`. */
    public function name(): string;

    /**
     * Sends one request, over TLS that verifies the server, and follows no redirect.
     *
     * @throws NoAnswerException when no answer came; whatever else is thrown ends the call, as what went before a
     *     TransportException
     */
    public function send(Request $request): Response;
}
