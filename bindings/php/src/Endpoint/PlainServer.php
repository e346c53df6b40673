<?php

declare(strict_types=1);

namespace WoSignDoc\Endpoint;

use WoSignDoc\Host;

/**
 * Serves the endpoint by PHP's own means, without PSR.
 *
 * @internal
 */
final class PlainServer
{
    /** Bytes that are read of the body at a time. */
    private const PIECE = 65536;

    public function __construct(private readonly Journal $journal)
    {
    }

    public function serve(PushEndpoint $endpoint): void
    {
        // The site's function may call exit(), run out of time or memory: until it has returned, the answer
        // is a failure without a body.
        http_response_code(500);
        Host::goOnWithoutTheClient();
        $this->dropOutput();
        $output = new SealedOutput();
        $answer = $this->tooLargeForPhp(self::contentLength())
            ?? $endpoint->answer($_SERVER['REQUEST_METHOD'] ?? '', self::body());
        if (!$output->send($answer)) {
            $this->tellOfOutput();
        }
    }

    /** Drops what a site's file begins with, a blank line or a byte order mark: it would spoil the acknowledgement. */
    private function dropOutput(): void
    {
        while (ob_get_level() > 0 && @ob_end_clean()) {
            continue;
        }
        $this->tellOfOutput();
    }

    private function tellOfOutput(): void
    {
        if (headers_sent($file, $line)) {
            $this->journal->problem(
                "output was sent before the answer, at $file:$line; the push will not count as acknowledged"
            );
        }
    }

    private static function contentLength(): ?int
    {
        $length = $_SERVER['CONTENT_LENGTH'] ?? '';
        return is_string($length) && ctype_digit($length) ? (int) $length : null;
    }

    /** Tells of a body above post_max_size, which PHP drops before the script starts: it would read as "not a push". */
    private function tooLargeForPhp(?int $length): ?Answer
    {
        $limit = self::bytes((string) ini_get('post_max_size'));
        if ($length === null || $limit <= 0 || $length <= $limit || !ini_get('enable_post_data_reading')) {
            return null;
        }
        $this->journal->problem("a push of $length bytes is above PHP's post_max_size: raise it, for example to 256M");
        return Answer::refuse(413, 'push_too_large');
    }

    /** Reads a size as php.ini writes it, such as `8M`; PHP 8.1 has no function for it. */
    private static function bytes(string $size): int
    {
        $factors = ['k' => 1024, 'm' => 1024 ** 2, 'g' => 1024 ** 3];
        return (int) $size * ($factors[strtolower(substr(trim($size), -1))] ?? 1);
    }

    /** @return iterable<string> */
    private static function body(): iterable
    {
        $input = fopen('php://input', 'rb');
        if ($input === false) {
            throw new \RuntimeException('php://input cannot be opened');
        }
        while (!feof($input)) {
            $piece = fread($input, self::PIECE);
            if ($piece === false) {
                throw new \RuntimeException('php://input cannot be read');
            }
            yield $piece;
        }
        fclose($input);
    }
}
