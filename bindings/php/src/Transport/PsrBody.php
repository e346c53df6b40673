<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use Psr\Http\Message\StreamInterface;

/**
 * An order as the body of a PSR-7 request. It is read from the library, from its beginning to its end, and may be rewound.
 * Parameters have no types, as in version 1 of PSR-7, so that it fits both versions.
 *
 * @internal
 */
final class PsrBody implements StreamInterface
{
    /** @param int $end when time runs out, by hrtime() */
    public function __construct(private readonly OrderBody $body, private readonly int $end)
    {
    }

    /** Returns all of it, which takes as much memory: for clients that cannot send a stream. */
    public function __toString(): string
    {
        $this->rewind();
        return $this->getContents();
    }

    /** Leaves the order open: the next try sends it again. */
    public function close(): void
    {
    }

    /** Has no resource to hand over. */
    public function detach()
    {
        return null;
    }

    /** Returns its length. */
    public function getSize(): ?int
    {
        return $this->body->length();
    }

    /** Returns where it stands. */
    public function tell(): int
    {
        return $this->body->position();
    }

    /** Says whether all of it was read. */
    public function eof(): bool
    {
        return $this->body->position() >= $this->body->length();
    }

    /** Can go back to the beginning. */
    public function isSeekable(): bool
    {
        return true;
    }

    /**
     * Goes back to the beginning, or stays where it is.
     *
     * @param int $offset
     * @param int $whence
     */
    public function seek($offset, $whence = SEEK_SET): void
    {
        $place = match ($whence) {
            SEEK_SET => $offset,
            SEEK_CUR => $this->body->position() + $offset,
            default => $this->body->length() + $offset,
        };
        match ($place) {
            $this->body->position() => null,
            0 => $this->body->rewind(),
            default => throw new \RuntimeException('an order can be rewound, and read from its beginning only'),
        };
    }

    /** Goes back to the beginning. */
    public function rewind(): void
    {
        $this->body->rewind();
    }

    /** Takes nothing. */
    public function isWritable(): bool
    {
        return false;
    }

    /**
     * Takes nothing.
     *
     * @param string $string
     */
    public function write($string): int
    {
        throw new \RuntimeException('an order cannot be written to');
    }

    /** Can be read. */
    public function isReadable(): bool
    {
        return true;
    }

    /**
     * Returns the next bytes.
     *
     * @param int $length
     */
    public function read($length): string
    {
        if (hrtime(true) >= $this->end) {
            throw new \RuntimeException('the order was not sent in time');
        }
        return $this->body->read($length);
    }

    /** Returns the rest, which takes as much memory. */
    public function getContents(): string
    {
        $rest = '';
        while (!$this->eof()) {
            $rest .= $this->read(PHP_INT_MAX);
        }
        return $rest;
    }

    /**
     * Knows nothing of itself.
     *
     * @param ?string $key
     */
    public function getMetadata($key = null): ?array
    {
        return $key === null ? [] : null;
    }
}
