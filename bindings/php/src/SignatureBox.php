<?php

declare(strict_types=1);

namespace WoSignDoc;

/**
 * One place for a seal. Its sides are fractions, 0 to 1, of the displayed page's width and height, measured from
 * the page's lower left corner; left < right and bottom < top.
 */
final class SignatureBox
{
    /** @param int $page counted from 1 */
    public function __construct(
        public readonly int $page,
        public readonly float $left,
        public readonly float $bottom,
        public readonly float $right,
        public readonly float $top,
    ) {
    }

    /**
     * Writes the box as the core reads it.
     *
     * @return array<string, int|float>
     */
    public function toArray(): array
    {
        return [
            'page' => $this->page,
            'left' => $this->left,
            'bottom' => $this->bottom,
            'right' => $this->right,
            'top' => $this->top,
        ];
    }
}
