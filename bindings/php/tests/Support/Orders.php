<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

use WoSignDoc\DocumentSource;
use WoSignDoc\SignatureBox;
use WoSignDoc\Signer;
use WoSignDoc\SignOrder;

/** Orders that a platform takes. */
final class Orders
{
    /** A document small enough to be sent many times. */
    public static function good(string $orderNumber, ?DocumentSource $document = null): SignOrder
    {
        return new SignOrder(
            orderNumber: $orderNumber,
            document: $document ?? DocumentSource::path(self::root() . '/examples/contract.pdf'),
            fileFormat: 'pdf',
            signers: [self::organisation(), self::person()],
        );
    }

    public static function organisation(): Signer
    {
        return Signer::organisation(
            name: '云杉软件（示例）有限公司',
            number: '91350100M000100Y43',
            pic: DocumentSource::bytes(self::material()),
            otherPic: DocumentSource::bytes(self::material()),
            boxes: [new SignatureBox(1, 0.1, 0.2, 0.3, 0.4)],
        );
    }

    public static function person(string $number = '11010519491231002X'): Signer
    {
        return Signer::person(
            name: '李明',
            number: $number,
            pic: DocumentSource::bytes(self::material()),
            otherPic: DocumentSource::bytes(self::material()),
            boxes: [new SignatureBox(1, 0.5, 0.2, 0.7, 0.4)],
        );
    }

    public static function material(): string
    {
        return (string) file_get_contents(self::root() . '/examples/material.png');
    }

    public static function root(): string
    {
        return dirname(__DIR__, 4);
    }
}
