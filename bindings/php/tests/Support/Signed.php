<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

use WoSignDoc\DocumentSource;
use WoSignDoc\Verification\SignerRules;
use WoSignDoc\Verification\VerifyOptions;

/** The signed documents that all languages share. */
final class Signed
{
    public static function path(string $name): string
    {
        return Orders::root() . "/vectors/signed/$name";
    }

    public static function bytes(string $name): string
    {
        return (string) file_get_contents(self::path($name));
    }

    /** The root that `valid.pdf` leads to, as PEM. */
    public static function root(): string
    {
        return self::bytes('root.pem');
    }

    /** Options that take `valid.pdf`, at a time when its certificate was valid. */
    public static function trust(?SignerRules $signers = null, ?DocumentSource $sent = null): VerifyOptions
    {
        return new VerifyOptions(
            rootFiles: self::path('root.pem'),
            at: new \DateTimeImmutable('2026-06-01T00:00:00Z'),
            signers: $signers,
            sent: $sent,
        );
    }
}
