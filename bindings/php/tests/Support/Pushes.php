<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

/** Bodies of pushes, made as a platform makes them. */
final class Pushes
{
    public const SIGNID = 'a367cded-6712-4f54-8991-b6e58ef86d30';

    public static function signed(
        string $document = "%PDF-1.7\nsigned",
        string $orderNumber = 'A-1',
        string $signid = self::SIGNID,
        ?string $hash = null,
    ): string {
        return json_encode([
            'actiontype' => 'PushSignedDoc',
            'status' => 1,
            'errorcode' => '0',
            'extendData' => [
                'signid' => $signid,
                'ordernumber' => $orderNumber,
                'content' => base64_encode($document),
                'hash' => $hash ?? hash('sha256', $document),
            ],
        ], JSON_THROW_ON_ERROR);
    }

    /** @param ?array<string, string> $ids what names the order; null: both, as usual */
    public static function failed(string $codes = '-50&-57', string $orderNumber = 'A-1', ?array $ids = null): string
    {
        return json_encode([
            'actiontype' => 'PushSignedDoc',
            'status' => 0,
            'errorcode' => $codes,
            'extendData' => (object) ($ids ?? ['signid' => self::SIGNID, 'ordernumber' => $orderNumber]),
        ], JSON_THROW_ON_ERROR);
    }

    /** A body in pieces. @return list<string> */
    public static function pieces(string $body, int $size = 7): array
    {
        return str_split($body, $size);
    }
}
