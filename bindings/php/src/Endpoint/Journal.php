<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

use Psr\Log\LoggerInterface;
use WoSignDoc\Exception\UntrustedException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Push\ReceivedPush;

/**
 * Writes what the endpoint does to the site's log: ids and hashes, no document, no name. A log that fails
 * does not change the answer.
 *
 * @internal
 */
final class Journal
{
    public function __construct(private readonly ?LoggerInterface $logger)
    {
    }

    public function refused(WoSignDocException $error): void
    {
        $this->write('warning', "WoSignDoc push refused: $error->reason", ['exception' => $error] + self::found($error));
    }

    /** Says what was found about a document, by codes that name nobody. @return array<string, mixed> */
    private static function found(WoSignDocException $error): array
    {
        $report = $error instanceof UntrustedException ? $error->report() : null;
        return $report === null ? [] : [
            'verdict' => $report->verdict->value,
            'codes' => $report->codes(),
            'sha256' => $report->document?->sha256,
            'quarantine' => $error->quarantinePath() ?? $error->quarantineError()?->getMessage(),
        ];
    }

    public function failed(string $word, \Throwable $error, ?ReceivedPush $push = null): void
    {
        $what = match ($word) {
            'not_stored' => 'the push was not stored; it is not acknowledged',
            'store_failed' => 'the delivery store failed',
            'receiving_failed' => 'the push could not be received; it is not acknowledged',
        };
        $this->write('error', "WoSignDoc: $what", ['exception' => $error] + self::of($push));
    }

    public function ended(ReceivedPush $push): void
    {
        $this->write('error', 'WoSignDoc: the function ended the script; it is not acknowledged', self::of($push));
    }

    public function acknowledged(string $how, ReceivedPush $push): void
    {
        $this->write('info', "WoSignDoc push acknowledged: $how", self::of($push));
    }

    public function again(ReceivedPush $push): void
    {
        $this->write('warning', 'WoSignDoc: an earlier claim was neither completed nor released before it expired, as after '
            . 'its process died: the function may run a second time for this push', self::of($push));
    }

    public function takenOver(ReceivedPush $push): void
    {
        $this->write('warning', 'WoSignDoc: the function took longer than its claim, which was taken over: '
            . 'it may have run twice', self::of($push));
    }

    public function problem(string $message): void
    {
        $this->write('error', "WoSignDoc: $message", []);
    }

    /** @return array<string, mixed> */
    private static function of(?ReceivedPush $push): array
    {
        return $push === null ? [] : [
            'signid' => $push->signid,
            'orderNumber' => $push->orderNumber,
            'sha256' => $push->sha256,
            'errorCodes' => $push->errorCodes,
            'unreadErrorCode' => $push->unreadErrorCode,
        ];
    }

    /** @param array<string, mixed> $context */
    private function write(string $level, string $message, array $context): void
    {
        try {
            if ($this->logger !== null) {
                $this->logger->log($level, $message, $context);
            } elseif ($level !== 'info') {
                error_log($message . self::words($context));
            }
        } catch (\Throwable) {
            // The answer counts more than the log.
        }
    }

    /** @param array<string, mixed> $context */
    private static function words(array $context): string
    {
        $error = $context['exception'] ?? null;
        if ($error instanceof \Throwable) {
            $context['exception'] = sprintf(
                '%s: %s at %s:%d',
                $error::class,
                $error->getMessage(),
                $error->getFile(),
                $error->getLine(),
            );
        }
        return $context === [] ? '' : ' ' . json_encode(
            $context,
            JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE,
        );
    }
}
