<?php

declare(strict_types=1);

namespace WoSignDoc\Delivery;

use WoSignDoc\Exception\InvalidCallException;

/**
 * A store in a database table, for any number of web servers. It may be shared with endpoints in other languages.
 * The table, in every SQL dialect:
 *
 *     CREATE TABLE wosigndoc_delivery (
 *         delivery_key VARCHAR(64) NOT NULL PRIMARY KEY,
 *         owner VARCHAR(32) NOT NULL,
 *         claimed_at NUMERIC(19) NOT NULL,
 *         done_at NUMERIC(19) NULL
 *     )
 *
 * Give it a connection that is not inside a transaction and commits by itself (PDO::ATTR_AUTOCOMMIT): a claim
 * counts only once it is committed. The site's function commits what it began before it returns; what it left
 * open when it failed is rolled back.
 */
final class PdoDeliveryStore implements DeliveryStore
{
    public const TABLE = 'wosigndoc_delivery';

    /**
     * @param \PDO $pdo in whatever error mode
     * @param int $expireSeconds after which a claim that was never completed is given to the next push, at least
     *     1; longer than the site's function ever takes
     *
     * @throws InvalidCallException when $expireSeconds is below 1
     */
    public function __construct(private readonly \PDO $pdo, private readonly int $expireSeconds = self::EXPIRE_SECONDS)
    {
        InvalidCallException::ifExpiryIsShort($expireSeconds);
    }

    /** Creates the table where there is none. */
    public function createTable(): void
    {
        if ($this->tableIsThere()) {
            return;
        }
        try {
            $this->run('CREATE TABLE ' . self::TABLE . ' (delivery_key VARCHAR(64) NOT NULL PRIMARY KEY,'
                . ' owner VARCHAR(32) NOT NULL, claimed_at NUMERIC(19) NOT NULL, done_at NUMERIC(19) NULL)', []);
        } catch (\PDOException $error) {
            // Another process may have been faster.
            if (!$this->tableIsThere()) {
                throw $error;
            }
        }
    }

    public function claim(string $key, string $owner): Claim
    {
        $this->mustBeOutsideTransactions();
        if ($this->autocommitIsOff()) {
            throw new \LogicException(
                'PDO::ATTR_AUTOCOMMIT is off, so that no claim would be kept: '
                    . 'give PdoDeliveryStore a connection that has it on'
            );
        }
        $now = time();
        if ($this->insert($key, $owner, $now)) {
            return Claim::Granted;
        }
        $row = $this->row($key);
        if ($row === null) {
            // Released between the two statements.
            return Claim::Busy;
        }
        if ($row['done']) {
            return Claim::Done;
        }
        $expired = $now - $row['claimed_at'] > $this->expireSeconds;
        if (!$expired && $row['claimed_at'] <= $now) {
            return Claim::Busy;
        }
        // Only one of those who see it as it is changes it. A claim made before the clock was set back counts from now.
        $changed = $this->run(
            'UPDATE ' . self::TABLE . ' SET owner = ?, claimed_at = ?'
                . ' WHERE delivery_key = ? AND claimed_at = ? AND done_at IS NULL',
            [$expired ? $owner : $row['owner'], $now, $key, $row['claimed_at']],
        );
        return $expired && $changed->rowCount() === 1 ? Claim::GrantedAgain : Claim::Busy;
    }

    public function complete(string $key, string $owner): bool
    {
        // Else it would be acknowledged, and rolled back afterwards, together with what the function stored.
        $this->mustBeOutsideTransactions();
        $this->run(
            'UPDATE ' . self::TABLE . ' SET done_at = ? WHERE delivery_key = ? AND done_at IS NULL',
            [time(), $key],
        );
        // Databases count changed rows differently, and another request may have completed it.
        $row = $this->row($key)
            ?? throw new \RuntimeException('the delivery store has lost a claim (交付记录中的认领已丢失)');
        return $row['owner'] === $owner;
    }

    public function release(string $key, string $owner): void
    {
        // In a transaction that the function left open, the claim would only seem to be gone.
        if ($this->pdo->inTransaction()) {
            $this->pdo->rollBack();
        }
        $this->run(
            'DELETE FROM ' . self::TABLE . ' WHERE delivery_key = ? AND owner = ? AND done_at IS NULL',
            [$key, $owner],
        );
    }

    public function renew(string $key, string $owner): bool
    {
        $this->mustBeOutsideTransactions();
        $this->run(
            'UPDATE ' . self::TABLE . ' SET claimed_at = ? WHERE delivery_key = ? AND owner = ? AND done_at IS NULL',
            [time(), $key, $owner],
        );
        $row = $this->row($key);
        return $row !== null && !$row['done'] && $row['owner'] === $owner;
    }

    /** Says whether the table is there, in the one way that every database knows: not all know IF NOT EXISTS. */
    private function tableIsThere(): bool
    {
        try {
            $this->row('');
            return true;
        } catch (\PDOException) {
            return false;
        }
    }

    private function mustBeOutsideTransactions(): void
    {
        if ($this->pdo->inTransaction()) {
            throw new \LogicException(
                'the connection of PdoDeliveryStore is inside a transaction: commit it first, '
                    . 'or give the store a connection of its own'
            );
        }
    }

    private function autocommitIsOff(): bool
    {
        // To the other drivers the question itself is an error.
        $driver = $this->pdo->getAttribute(\PDO::ATTR_DRIVER_NAME);
        return in_array($driver, ['mysql', 'oci', 'odbc', 'firebird'], true)
            && !$this->pdo->getAttribute(\PDO::ATTR_AUTOCOMMIT);
    }

    /** Returns a delivery's row; null: nobody claimed it. @return ?array{owner: string, claimed_at: int, done: bool} */
    private function row(string $key): ?array
    {
        // The database says what is NULL: a connection may have it handed out as an empty text.
        $row = $this->run(
            'SELECT owner, claimed_at, CASE WHEN done_at IS NULL THEN 0 ELSE 1 END FROM ' . self::TABLE
                . ' WHERE delivery_key = ?',
            [$key],
        )->fetch(\PDO::FETCH_NUM);
        return !is_array($row) ? null : [
            'owner' => (string) $row[0],
            'claimed_at' => (int) $row[1],
            'done' => (int) $row[2] === 1,
        ];
    }

    /** Inserts a claim, and says whether it could: not where the key is there already. */
    private function insert(string $key, string $owner, int $now): bool
    {
        try {
            $this->run(
                'INSERT INTO ' . self::TABLE . ' (delivery_key, owner, claimed_at) VALUES (?, ?, ?)',
                [$key, $owner, $now],
            );
            return true;
        } catch (\PDOException $error) {
            // SQLSTATE class 23: a constraint says no, here that of the primary key.
            if (str_starts_with((string) ($error->errorInfo[0] ?? $error->getCode()), '23')) {
                return false;
            }
            throw $error;
        }
    }

    /**
     * Runs a statement, and throws whatever error mode the site gave its connection.
     *
     * @param list<int|string> $values
     */
    private function run(string $sql, array $values): \PDOStatement
    {
        $statement = $this->pdo->prepare($sql);
        if ($statement === false) {
            throw self::failed($this->pdo->errorInfo());
        }
        if (!$statement->execute($values)) {
            throw self::failed($statement->errorInfo());
        }
        return $statement;
    }

    /** @param array<mixed> $info */
    private static function failed(array $info): \PDOException
    {
        $error = new \PDOException(sprintf('SQLSTATE[%s]: %s', $info[0] ?? '', $info[2] ?? 'unknown error'));
        $error->errorInfo = $info;
        return $error;
    }
}
