<?php

declare(strict_types=1);

namespace WoSignDoc;

/**
 * One place for a seal. Its sides are fractions, 0 to 1, of the displayed page's width and height, measured from
 * the page's lower left corner; left < right and bottom < top.
 */
final class SignatureBox
{
    /**
     * @param int|float|string $page counted from 1. What is no whole number is refused with the order, by the field's
     *     name: PHP would cut 1.5 down to page 1, if the calling file does not declare strict types.
     */
    public function __construct(
        public readonly int|float|string $page,
        public readonly float $left,
        public readonly float $bottom,
        public readonly float $right,
        public readonly float $top,
    ) {
    }

    /**
     * Writes the box as the core reads it. JSON has no NAN or INF: as a text the core refuses it, by the field's name.
     *
     * @return array<string, int|float|string>
     */
    public function toArray(): array
    {
        return [
            'page' => $this->page,
            'left' => self::edge($this->left),
            'bottom' => self::edge($this->bottom),
            'right' => self::edge($this->right),
            'top' => self::edge($this->top),
        ];
    }

    private static function edge(float $value): float|string
    {
        return is_finite($value) ? $value : (string) $value;
    }
}
