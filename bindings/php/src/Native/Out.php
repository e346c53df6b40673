<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

use FFI;
use FFI\CData;
use WoSignDoc\ScriptEnd;

/**
 * The place where the core puts a buffer that it hands out: its start and its size.
 *
 * @internal
 */
final class Out
{
    /** Bytes from which on a copy may exceed PHP's memory limit. */
    private const MANY = 65536;

    /**
     * @var list<self> used again, for making one costs more than a call; a call that interrupts another (a signal
     *     handler's) finds the next
     */
    private static array $idle = [];

    private readonly CData $start;
    private readonly CData $size;
    /** The addresses that a function is given to write to. */
    public readonly CData $startPlace;
    public readonly CData $sizePlace;

    private function __construct(private readonly FFI $ffi)
    {
        $this->start = $ffi->new('char *');
        $this->size = $ffi->new('size_t');
        $this->startPlace = FFI::addr($this->start);
        $this->sizePlace = FFI::addr($this->size);
    }

    /** Returns one for a single call. */
    public static function borrow(): self
    {
        return array_pop(self::$idle) ?? new self(Library::get()->ffi);
    }

    /** Returns the buffer's bytes, null when there was no buffer; frees it, and gives this object back. */
    public function take(): ?string
    {
        $bytes = null;
        if (!FFI::isNull($this->start)) {
            $size = $this->size->cdata;
            // Many bytes may be more than the memory limit leaves room for.
            $ending = $size < self::MANY ? 0
                : ScriptEnd::insteadOfDestructor(fn () => $this->ffi->wsd_free($this->start, $size));
            try {
                $bytes = FFI::string($this->start, $size);
            } finally {
                ScriptEnd::forget($ending);
                $this->ffi->wsd_free($this->start, $size);
            }
        }
        self::$idle[] = $this;
        return $bytes;
    }
}
