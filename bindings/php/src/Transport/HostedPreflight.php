<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Native\Core;

/**
 * A preflight over a transport: the request is made here, and all judgement is the core's.
 *
 * @internal
 */
final class HostedPreflight
{
    /** What is told of an answer, in bytes: the platform's own is shorter. */
    private const TOLD = 65536;

    /**
     * Returns a report.
     *
     * @return array<string, mixed>
     *
     * @throws InvalidCallException when $timeoutMs is out of range
     * @throws FileException when open_basedir keeps PHP from the file
     */
    public static function report(#[\SensitiveParameter] string $settings, Transport $transport, int $timeoutMs): array
    {
        $told = ['transport' => $transport->name()];
        $report = Core::preflightHosted($settings, $told, $timeoutMs);
        return $report['request'] === null
            ? $report
            : Core::preflightHosted($settings, $told + self::saw($transport, $report['request']), $timeoutMs);
    }

    /**
     * Asks the endpoint by a GET, which can create nothing.
     *
     * @param array<mixed> $request
     *
     * @return array<string, array<string, mixed>>
     */
    private static function saw(Transport $transport, array $request): array
    {
        try {
            $answer = $transport->send(Request::of($request, new OrderBody(null, 0), $request['timeout_ms']));
            $body = base64_encode(substr($answer->body, 0, self::TOLD));
            return ['answer' => ['http_status' => $answer->status, 'body' => $body]];
        } catch (NoAnswerException $failure) {
            return ['failure' => $failure->told()];
        }
    }
}
