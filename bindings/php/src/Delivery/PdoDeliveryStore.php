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
 * Give it a connection that is not inside a transaction: a claim counts only once it is committed.
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
        $this->run('CREATE TABLE IF NOT EXISTS ' . self::TABLE . ' (delivery_key VARCHAR(64) NOT NULL PRIMARY KEY,'
            . ' owner VARCHAR(32) NOT NULL, claimed_at NUMERIC(19) NOT NULL, done_at NUMERIC(19) NULL)', []);
    }

    public function claim(string $key, string $owner): Claim
    {
        if ($this->pdo->inTransaction()) {
            throw new \LogicException('the connection of PdoDeliveryStore must not be inside a transaction');
        }
        $now = time();
        if ($this->insert($key, $owner, $now)) {
            return Claim::Granted;
        }
        $row = $this->run('SELECT claimed_at, done_at FROM ' . self::TABLE . ' WHERE delivery_key = ?', [$key])
            ->fetch(\PDO::FETCH_NUM);
        if (!is_array($row)) {
            // Released between the two statements.
            return $this->insert($key, $owner, $now) ? Claim::Granted : Claim::InProgress;
        }
        if ($row[1] !== null) {
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
        $done = $this->run('UPDATE ' . self::TABLE . ' SET done_at = ? WHERE delivery_key = ?', [time(), $key]);
        // MySQL counts only the rows that an update changed, and another may have completed it this second.
        if ($done->rowCount() === 0 && !$this->isDone($key)) {
            throw new \RuntimeException('the claim of a delivery is gone: it cannot be completed');
        }
    }

    public function release(string $key, string $owner): void
    {
        $this->run('DELETE FROM ' . self::TABLE . ' WHERE delivery_key = ? AND owner = ? AND done_at IS NULL', [$key, $owner]);
    }

    private function isDone(string $key): bool
    {
        $row = $this->run('SELECT done_at FROM ' . self::TABLE . ' WHERE delivery_key = ?', [$key])->fetch(\PDO::FETCH_NUM);
        return is_array($row) && $row[0] !== null;
    }

    /** False when the key is there already. */
    private function insert(string $key, string $owner, int $now): bool
    {
        try {
            $this->run('INSERT INTO ' . self::TABLE . ' (delivery_key, owner, claimed_at) VALUES (?, ?, ?)', [$key, $owner, $now]);
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
