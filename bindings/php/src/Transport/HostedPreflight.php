<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Native\Core;

/**
 * A preflight over a transport: the requests are made here, and all judgement is the core's.
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
     * @param bool $live whether orders are sent that must be refused
     *
     * @return array<string, mixed>
     *
     * @throws InvalidCallException when $timeoutMs is out of range
     * @throws FileException when open_basedir keeps PHP from the file
     */
    public static function report(
        #[\SensitiveParameter] string $settings,
        Transport $transport,
        int $timeoutMs,
        bool $live,
    ): array {
        $told = ['transport' => $transport->name()];
        $orders = [];
        for (;;) {
            $now = $live ? ['live' => true, 'orders' => $orders] : [];
            $report = Core::preflightHosted($settings, $told + $now, $timeoutMs);
            if ($report['request'] === null) {
                return $report;
            }
            $saw = self::saw($transport, $report['request']);
            if ($live) {
                $orders[] = $saw;
            } else {
                $told += $saw;
            }
        }
    }

    /**
     * Makes a request, once: a GET, or an order that must be refused.
     *
     * @param array<mixed> $request
     *
     * @return array<string, array<string, mixed>>
     */
    private static function saw(Transport $transport, #[\SensitiveParameter] array $request): array
    {
        $body = OrderBody::ofText($request['body'] ?? '');
        try {
            $answer = $transport->send(Request::of($request, $body, $request['timeout_ms']));
            $told = base64_encode(substr($answer->body, 0, self::TOLD));
            return ['answer' => ['http_status' => $answer->status, 'body' => $told]];
        } catch (NoAnswerException $failure) {
            return ['failure' => $failure->told()];
        } catch (\Throwable $thrown) {
            // What is wrong is in the report, never thrown.
            $words = get_debug_type($thrown) . ': ' . $thrown->getMessage();
            return ['failure' => (new NoAnswerException($words, $body->wasRead()))->told()];
        }
    }
}
