<?php

declare(strict_types=1);

namespace WoSignDoc\Transport;

use FFI\CData;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\Native\Core;

/**
 * The body of a request: an order, made by the library while it is read, so that no document is held in memory; or a short
 * text, such as an order of a preflight.
 */
final class OrderBody
{
    /** Bytes that are read at a time at most. */
    private const PIECE = 65536;

    private readonly ?CData $space;
    private ?CData $order;
    private int $position = 0;
    private bool $wasRead = false;
    private ?WoSignDocException $failure = null;

    /** @internal @param ?CData $order null: the body is $text */
    public function __construct(
        ?CData $order,
        private readonly int $length,
        #[\SensitiveParameter] private readonly string $text = '',
    ) {
        $this->order = $order;
        $this->space = $order === null ? null : Core::space(self::PIECE);
    }

    /** Makes a body of a text. @internal */
    public static function ofText(#[\SensitiveParameter] string $text): self
    {
        return new self(null, strlen($text), $text);
    }

    /** Returns its length in bytes. */
    public function length(): int
    {
        return $this->length;
    }

    /** Returns how many bytes were read since its beginning. */
    public function position(): int
    {
        return $this->position;
    }

    /** Says whether a byte was read in this request, also before a {@see rewind()}: if not, none was sent. */
    public function wasRead(): bool
    {
        return $this->wasRead;
    }

    /**
     * Returns the next bytes, of which there may be fewer than asked for; none at the end.
     *
     * @throws WoSignDocException when a file of the order cannot be read, or has changed: the request must be broken off
     * @throws \LogicException when the call is over whose order it was
     */
    public function read(int $length): string
    {
        if ($length < 1) {
            return '';
        }
        if ($this->space === null) {
            return $this->took(substr($this->text, $this->position, $length));
        }
        if ($this->order === null) {
            throw new \LogicException('the order is closed: its call is over');
        }
        try {
            $piece = Core::orderRead($this->order, $this->space, min($length, self::PIECE));
        } catch (WoSignDocException $failure) {
            throw $this->failure = $failure;
        }
        return $this->took($piece);
    }

    private function took(#[\SensitiveParameter] string $piece): string
    {
        $this->position += strlen($piece);
        $this->wasRead = $this->wasRead || $piece !== '';
        return $piece;
    }

    /** Goes back to the first byte, for an HTTP client that sends it once more when it is asked who it is. */
    public function rewind(): void
    {
        if ($this->order !== null && $this->position > 0) {
            Core::orderRewind($this->order);
        }
        if ($this->order !== null || $this->space === null) {
            $this->position = 0;
        }
    }

    /** Stands at its first byte for the next try, to which the library has brought it. @internal */
    public function begin(): void
    {
        $this->position = 0;
        $this->wasRead = false;
    }

    /** Reads no more: the order is about to be freed, and an HTTP client may have kept its request. @internal */
    public function end(): void
    {
        $this->order = null;
    }

    /** Returns why it could not be read: an HTTP client may hide that in an exception of its own. @internal */
    public function failure(): ?WoSignDocException
    {
        return $this->failure;
    }

    /** Shows no document. @return array<string, int> */
    public function __debugInfo(): array
    {
        return ['length' => $this->length, 'position' => $this->position];
    }

    /** A second one would not learn of the call's end, and read what is freed. */
    private function __clone()
    {
    }
}
