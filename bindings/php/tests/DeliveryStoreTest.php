<?php

declare(strict_types=1);

namespace WoSignDoc\Tests;

use PHPUnit\Framework\TestCase;
use WoSignDoc\Delivery\Claim;
use WoSignDoc\Delivery\DeliveryStore;
use WoSignDoc\Delivery\FileDeliveryStore;
use WoSignDoc\Delivery\PdoDeliveryStore;
use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Tests\Support\Folder;

/** What the stores do beside the steps of vectors/deliveries.json. */
final class DeliveryStoreTest extends TestCase
{
    public function testAnExpiryBelowASecondIsRefused(): void
    {
        foreach ([0, -1] as $seconds) {
            foreach ([
                static fn () => new FileDeliveryStore(Folder::make(), $seconds),
                static fn () => new PdoDeliveryStore(new \PDO('sqlite::memory:'), $seconds),
            ] as $open) {
                try {
                    $open();
                    self::fail('a claim of no time');
                } catch (InvalidCallException $error) {
                    self::assertSame(['bad_option', 'expireSeconds'], [$error->reason, $error->field]);
                }
            }
        }
    }

    /** @return iterable<string, array{\Closure(string): DeliveryStore}> */
    public function stores(): iterable
    {
        yield 'files' => [static fn (string $folder): DeliveryStore => new FileDeliveryStore($folder)];
        foreach ([\PDO::ERRMODE_EXCEPTION, \PDO::ERRMODE_SILENT] as $mode) {
            yield "PDO, error mode $mode" => [static function (string $folder) use ($mode): DeliveryStore {
                $pdo = new \PDO("sqlite:$folder/store.db", null, null, [\PDO::ATTR_ERRMODE => $mode, \PDO::ATTR_TIMEOUT => 30]);
                $store = new PdoDeliveryStore($pdo);
                $store->createTable();
                return $store;
            }];
        }
    }

    /**
     * Of many processes at once exactly one is granted a claim.
     *
     * @dataProvider stores
     *
     * @param \Closure(string): DeliveryStore $open
     */
    public function testManyProcessesAtOnce(\Closure $open): void
    {
        $folder = Folder::make();
        $open($folder);
        $children = [];
        for ($child = 0; $child < 8; $child++) {
            $pid = pcntl_fork();
            if ($pid === 0) {
                $store = $open($folder);
                $granted = '';
                foreach (range(1, 20) as $key) {
                    $granted .= $store->claim("key $key", "child $child") === Claim::Granted ? "$key\n" : '';
                }
                file_put_contents("$folder/granted-$child", $granted);
                posix_kill((int) getmypid(), SIGKILL);
            }
            $children[] = $pid;
        }
        foreach ($children as $pid) {
            pcntl_waitpid($pid, $status);
        }
        $granted = [];
        for ($child = 0; $child < 8; $child++) {
            array_push($granted, ...array_map('intval', (array) file("$folder/granted-$child")));
        }
        sort($granted);
        self::assertSame(range(1, 20), $granted);
    }

    public function testAStoreThatCannotWorkThrows(): void
    {
        $store = new PdoDeliveryStore(new \PDO('sqlite::memory:', null, null, [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_SILENT]));
        try {
            $store->claim('a', 'one');
            self::fail('no table, yet claimed');
        } catch (\PDOException $error) {
            self::assertStringContainsString('no such table', $error->getMessage());
        }
        $this->expectException(FileException::class);
        (new FileDeliveryStore('/dev/null/nowhere'))->claim('a', 'one');
    }

    /** Covers P-30: what the table does not keep would be delivered again, so it is not acknowledged. */
    public function testAClaimThatIsGoneCannotBeCompleted(): void
    {
        $pdo = new \PDO('sqlite::memory:');
        $store = new PdoDeliveryStore($pdo);
        $store->createTable();
        $store->claim('a', 'one');
        $store->complete('a', 'one');
        $store->complete('a', 'one');
        $store->claim('b', 'one');
        $pdo->exec('DELETE FROM ' . PdoDeliveryStore::TABLE);
        $this->expectExceptionMessage('the delivery store has lost a claim (交付记录中的认领已丢失)');
        $store->complete('b', 'one');
    }

    public function testATransactionIsRefused(): void
    {
        $pdo = new \PDO('sqlite::memory:');
        $store = new PdoDeliveryStore($pdo);
        $store->createTable();
        $pdo->beginTransaction();
        $this->expectExceptionMessage('transaction');
        $store->claim('a', 'one');
    }

    /** Covers P-30: what the function began and did not commit is not stored, and a claim completed in it would go as well. */
    public function testATransactionLeftOpenIsNoCompletion(): void
    {
        $pdo = new \PDO('sqlite::memory:');
        $store = new PdoDeliveryStore($pdo);
        $store->createTable();
        self::assertSame(Claim::Granted, $store->claim('a', 'one'));
        $pdo->beginTransaction();
        try {
            $store->complete('a', 'one');
            self::fail('completed inside a transaction');
        } catch (\LogicException $error) {
            self::assertStringContainsString('commit it first', $error->getMessage());
        }
        $store->release('a', 'one');
        self::assertFalse($pdo->inTransaction());
        self::assertSame(Claim::Granted, $store->claim('a', 'two'));
    }

    /** A connection that commits nothing by itself would forget every claim. */
    public function testAutocommitThatIsOffIsRefused(): void
    {
        $pdo = new class ('sqlite::memory:') extends \PDO {
            public int $autocommit = 1;

            public function getAttribute(int $attribute): mixed
            {
                return match ($attribute) {
                    \PDO::ATTR_DRIVER_NAME => 'mysql',
                    \PDO::ATTR_AUTOCOMMIT => $this->autocommit,
                };
            }
        };
        $store = new PdoDeliveryStore($pdo);
        $store->createTable();
        self::assertSame(Claim::Granted, $store->claim('a', 'one'));
        $pdo->autocommit = 0;
        $this->expectException(\LogicException::class);
        $this->expectExceptionMessage('ATTR_AUTOCOMMIT is off');
        $store->claim('b', 'one');
    }

    /** A site may have its NULLs handed out as empty texts, or all numbers as texts. */
    public function testAConnectionThatShowsValuesOtherwise(): void
    {
        $pdo = new \PDO('sqlite::memory:');
        $pdo->setAttribute(\PDO::ATTR_ORACLE_NULLS, \PDO::NULL_TO_STRING);
        $pdo->setAttribute(\PDO::ATTR_STRINGIFY_FETCHES, true);
        $store = new PdoDeliveryStore($pdo);
        $store->createTable();
        self::assertSame(Claim::Granted, $store->claim('a', 'one'));
        self::assertSame(Claim::Busy, $store->claim('a', 'two'));
        $store->complete('a', 'one');
        $store->complete('a', 'one');
        self::assertSame(Claim::Done, $store->claim('a', 'two'));
    }

    public function testADamagedStateIsNotTakenForNone(): void
    {
        $folder = Folder::make();
        $store = new FileDeliveryStore($folder);
        $store->claim('a', 'one');
        file_put_contents((glob("$folder/*/*.claim") ?: [''])[0], 'rubbish');
        $this->expectException(FileException::class);
        $store->claim('a', 'one');
    }
}
