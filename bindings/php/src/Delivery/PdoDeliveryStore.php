<?php

declare(strict_types=1);

namespace WoSignDoc\Delivery;

/**
 * A store in a database table, for any number of web servers. The table, in every SQL dialect:
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
     * @param int $expireSeconds after which a claim that was never completed is given to the next push;
     *     longer than the site's function ever takes
     */
    public function __construct(private readonly \PDO $pdo, private readonly int $expireSeconds = 900)
    {
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
        if (!is_array($row)) {
            // Released between the two statements.
            return $this->insert($key, $owner, $now) ? Claim::Granted : Claim::InProgress;
        }
        if ((int) $row[1] === 1) {
            return Claim::Done;
        }
        if ((int) $row[0] > $now - $this->expireSeconds) {
            return Claim::InProgress;
        }
        // Only one of those who see it expired takes it over.
        $taken = $this->run(
            'UPDATE ' . self::TABLE . ' SET owner = ?, claimed_at = ?'
                . ' WHERE delivery_key = ? AND claimed_at = ? AND done_at IS NULL',
            [$owner, $now, $key, $row[0]],
        );
        return $taken->rowCount() === 1 ? Claim::Granted : Claim::InProgress;
    }

    public function complete(string $key): void
    {
        // Else it would be acknowledged, and rolled back afterwards, together with what the function stored.
        $this->mustBeOutsideTransactions();
        $done = $this->run('UPDATE ' . self::TABLE . ' SET done_at = ? WHERE delivery_key = ?', [time(), $key]);
        // MySQL counts only the rows that an update changed, and another may have completed it this second.
        if ($done->rowCount() === 0 && !$this->isDone($key)) {
            throw new \RuntimeException('the claim of a delivery is gone: it cannot be completed');
        }
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

    /** Asked in the one way that every database understands: not all know IF NOT EXISTS. */
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

    private function isDone(string $key): bool
    {
        $row = $this->row($key);
        return is_array($row) && (int) $row[1] === 1;
    }

    /** @return array{int|string, int|string}|false when it was claimed, and 1 when it is done; false: not claimed */
    private function row(string $key): array|false
    {
        // The database says what is NULL: a connection may have it handed out as an empty text.
        return $this->run(
            'SELECT claimed_at, CASE WHEN done_at IS NULL THEN 0 ELSE 1 END FROM ' . self::TABLE
                . ' WHERE delivery_key = ?',
            [$key],
        )->fetch(\PDO::FETCH_NUM);
    }

    /** False when the key is there already. */
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
