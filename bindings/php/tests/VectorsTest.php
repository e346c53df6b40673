<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Exception\InvalidOrderException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Native\Core;
use WoSignDoc\Push\PushReceiver;
use WoSignDoc\RawOrder;
use WoSignDoc\Tests\Support\Vectors;

/** The cases that every language runs: same results, to the byte. */
final class VectorsTest extends TestCase
{
    private static int $count = 0;

    public static function tearDownAfterClass(): void
    {
        fwrite(STDERR, sprintf("vectors: %d cases run through PHP\n", self::$count));
    }

    /** Covers P-5, P-10, P-14: the request body is the same to the byte. */
    public function testOrdersOnTheWire(): void
    {
        foreach (self::cases('wire') as $name => $case) {
            $order = self::order($case);
            self::assertSame(Vectors::text($case->expect->body), Core::orderWire(self::json($case->settings ?? null), $order), $name);
            $document = Core::orderValidate(self::json($case->settings ?? null), $order);
            self::assertSame(self::sorted($case->expect->warnings), self::warnings($document), $name);
        }
    }

    /** Covers P-11, P-12, P-13, P-15, P-16, P-17, P-18, P-19: every violation at once. */
    public function testViolations(): void
    {
        foreach (self::cases('violations') as $name => $case) {
            try {
                $document = Core::orderValidate(self::json($case->settings ?? null), self::order($case));
            } catch (WoSignDocException $error) {
                $document = $error->toArray();
                self::assertSame(isset($case->expect->error), !$error instanceof InvalidOrderException, $name);
            }
            if (isset($case->expect->error)) {
                self::assertHolds($case->expect->error, $document, $name);
                continue;
            }
            $found = array_map(static fn (array $one): array => [$one['code'], $one['field']], $document['violations'] ?? []);
            self::assertSame(self::pairs($case->expect->violations), self::pairs($found), $name);
            foreach ($case->expect->says ?? [] as [$english, $chinese]) {
                self::assertStringContainsString($english, implode("\n", array_column($document['violations'], 'message')), $name);
                self::assertStringContainsString($chinese, implode("\n", array_column($document['violations'], 'message_zh')), $name);
            }
            self::assertSame(self::sorted($case->expect->warnings), self::warnings($document), $name);
        }
    }

    /** Covers P-20, P-21, P-22: answers read the same. */
    public function testAnswers(): void
    {
        foreach (self::cases('answers') as $name => $case) {
            $this->compare($case, $name, static fn (): array => Core::answerRead($case->http_status, Vectors::text($case->body)));
        }
    }

    /** Covers P-6, P-31, P-32: a push has the same verdict whole and in pieces of every size. */
    public function testPushes(): void
    {
        foreach (self::cases('pushes') as $name => $case) {
            $body = Vectors::text($case->body);
            $options = self::json($case->options ?? null);
            $this->compare($case, $name, static fn (): array => self::withDocument(Core::pushReceive($body, $options)));
            $sizes = strlen($body) > 4096 ? [4096] : [1, 7, 64, 4096];
            foreach ($sizes as $size) {
                $this->compare($case, "$name, in pieces of $size", static function () use ($body, $options, $size): array {
                    $push = Core::pushOpen($options);
                    try {
                        foreach (str_split($body, $size) as $piece) {
                            Core::pushFeed($push, $piece);
                        }
                        return self::withDocument(Core::pushFinish($push));
                    } finally {
                        Core::pushAbandon($push);
                    }
                });
            }
        }
    }

    /** The public door gives what the core gives. */
    public function testPushesThroughTheReceiver(): void
    {
        foreach (self::cases('pushes') as $name => $case) {
            if (isset($case->options) || isset($case->expect->error)) {
                continue;
            }
            self::$count--;
            $push = PushReceiver::receive(Vectors::text($case->body));
            self::assertSame($case->expect->result->signid ?? $push->signid, $push->signid, $name);
            self::assertSame($case->expect->result->errorcodes ?? $push->errorCodes, $push->errorCodes, $name);
            self::assertSame($case->expect->result->delivery_key, $push->deliveryKey, $name);
            self::assertSame($case->expect->result->unread_errorcode ?? null, $push->unreadErrorCode, $name);
            self::assertSame($case->expect->result->sha256 ?? $push->sha256, $push->failed() ? $push->sha256 : hash('sha256', $push->document()), $name);
        }
    }

    /** @param \Closure(): array<mixed> $call */
    private function compare(\stdClass $case, string $name, \Closure $call): void
    {
        try {
            $document = $call();
            self::assertTrue(isset($case->expect->result), "$name: passed");
            self::assertHolds($case->expect->result, $document, $name);
        } catch (WoSignDocException $error) {
            self::assertTrue(isset($case->expect->error), "$name: " . $error->getMessage());
            self::assertHolds($case->expect->error, $error->toArray(), $name);
        }
    }

    /**
     * @param array{array<mixed>, ?string} $received
     *
     * @return array<mixed> with the document's own length and hash in place of what the core says of them
     */
    private static function withDocument(array $received): array
    {
        [$document, $bytes] = $received;
        if ($bytes !== null) {
            $document['length'] = strlen($bytes);
            $document['sha256'] = hash('sha256', $bytes);
        }
        return $document;
    }

    /** @param array<mixed> $actual */
    private static function assertHolds(\stdClass $expected, array $actual, string $name): void
    {
        foreach (json_decode((string) json_encode($expected), true) as $field => $value) {
            self::assertArrayHasKey($field, $actual, "$name: $field");
            if (is_array($value) && !array_is_list($value)) {
                self::assertHolds((object) $value, $actual[$field], "$name: $field");
            } else {
                self::assertSame($value, $actual[$field], "$name: $field");
            }
        }
    }

    /** @return iterable<string, \stdClass> */
    private static function cases(string $file): iterable
    {
        foreach (Vectors::cases($file) as $name => $case) {
            self::$count++;
            yield $name => $case;
        }
    }

    private static function order(\stdClass $case): RawOrder
    {
        $json = $case->order instanceof \stdClass ? self::json($case->order) : Vectors::text($case->order);
        $attachments = array_map(static fn (string $one): string => (string) base64_decode($one, true), $case->attachments ?? []);
        return new RawOrder($json, $attachments);
    }

    private static function json(?\stdClass $value): string
    {
        return json_encode($value ?? new \stdClass(), JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION);
    }

    /**
     * Codes in their order, fields of equal codes in any.
     *
     * @param list<array{int|string, string}> $pairs
     *
     * @return list<array{int|string, string}>
     */
    private static function pairs(array $pairs): array
    {
        $order = array_flip(array_values(array_unique(array_column($pairs, 0))));
        usort($pairs, static fn (array $a, array $b): int => [$order[$a[0]], $a[1]] <=> [$order[$b[0]], $b[1]]);
        return $pairs;
    }

    /** @param array<mixed> $document @return list<array{string, string}> in any order */
    private static function warnings(array $document): array
    {
        return self::sorted(array_map(
            static fn (array $one): array => [$one['warning'], $one['field']],
            $document['warnings'] ?? [],
        ));
    }

    /** @param list<array{string, string}> $pairs @return list<array{string, string}> */
    private static function sorted(array $pairs): array
    {
        sort($pairs);
        return $pairs;
    }
}
