<?php

declare(strict_types=1);

namespace WoSignDoc\Tests\Support;

use WoSignDoc\Delivery\DeliveryStore;
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Delivery\PdoDeliveryStore;

/** A delivery store for which time passes when a test says so. */
final class TimedStore
{
    /** @param \Closure(int): mixed $pass */
    private function __construct(public readonly DeliveryStore $store, private readonly \Closure $pass)
    {
    }

    public function pass(int $seconds): void
    {
        ($this->pass)($seconds);
    }

    /** Every store of the package, empty. @return iterable<string, \Closure(?int): self> given the seconds of a claim */
    public static function all(): iterable
    {
        yield 'files' => self::files(...);
        foreach ([\PDO::ERRMODE_EXCEPTION, \PDO::ERRMODE_SILENT] as $mode) {
            yield "SQLite, error mode $mode" => static fn (?int $expire): self => self::sqlite($mode, $expire);
        }
    }

    private static function files(?int $expire): self
    {
        $folder = Folder::make();
        $pass = static function (int $seconds) use ($folder): void {
            foreach (glob("$folder/*/*.claim") ?: [] as $file) {
                $claim = json_decode((string) file_get_contents($file), true, 4, JSON_THROW_ON_ERROR);
                $claim['claimed_at'] -= $seconds;
                file_put_contents($file, json_encode($claim, JSON_THROW_ON_ERROR));
            }
        };
        return new self(new FileDeliveryStore($folder, ...self::given($expire)), $pass);
    }

    private static function sqlite(int $mode, ?int $expire): self
    {
        $pdo = new \PDO('sqlite::memory:', null, null, [\PDO::ATTR_ERRMODE => $mode]);
        $store = new PdoDeliveryStore($pdo, ...self::given($expire));
        $store->createTable();
        $update = 'UPDATE ' . PdoDeliveryStore::TABLE . ' SET claimed_at = claimed_at - ';
        return new self($store, static fn (int $seconds): int|false => $pdo->exec($update . "($seconds)"));
    }

    /** @return array{}|array{int} without a number, the store's own default holds */
    private static function given(?int $expire): array
    {
        return $expire === null ? [] : [$expire];
    }
}
