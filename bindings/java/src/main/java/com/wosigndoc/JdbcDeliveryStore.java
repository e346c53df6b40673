package com.wosigndoc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Remembers pushes in the site's own database, in a table {@code wosigndoc_delivery} that the packages of other
 * languages may share. It is plain SQL, for MySQL, PostgreSQL, SQL Server, Oracle, H2 and others. H2 keeps what it
 * committed through a killed process only with {@code WRITE_DELAY=0} in its URL.
 */
public final class JdbcDeliveryStore implements DeliveryStore {
    private final DataSource database;
    private final long expirySeconds;

    /**
     * Makes a store whose claims expire after {@link DeliveryStore#DEFAULT_EXPIRY}.
     *
     * @param database where connections come from
     */
    public JdbcDeliveryStore(DataSource database) {
        this(database, DEFAULT_EXPIRY);
    }

    /**
     * Makes a store.
     *
     * @param database where connections come from
     * @param expiry after which time, a second at least and rounded up to whole ones, a claim of a process that died
     *     can be claimed again; an endpoint renews the claim of a function that runs
     */
    public JdbcDeliveryStore(DataSource database, Duration expiry) {
        this.database = database;
        this.expirySeconds = Expiry.seconds(expiry);
    }

    /**
     * Makes the table where there is none, for sites whose migrations do not:
     *
     * <pre>
     * CREATE TABLE wosigndoc_delivery (
     *     delivery_key VARCHAR(64) NOT NULL PRIMARY KEY,
     *     owner VARCHAR(32) NOT NULL,
     *     claimed_at NUMERIC(19) NOT NULL,
     *     done_at NUMERIC(19)
     * )
     * </pre>
     *
     * @throws SQLException when it cannot be made
     */
    public void createTable() throws SQLException {
        if (tableIsThere()) {
            return;
        }
        try {
            within(connection -> update(connection,
                    "CREATE TABLE wosigndoc_delivery (delivery_key VARCHAR(64) NOT NULL PRIMARY KEY,"
                            + " owner VARCHAR(32) NOT NULL, claimed_at NUMERIC(19) NOT NULL, done_at NUMERIC(19))"));
        } catch (SQLException error) {
            // Another process may have been faster.
            if (!tableIsThere()) {
                throw error;
            }
        }
    }

    @Override
    public Claim claim(String key, String owner) throws SQLException {
        return within(connection -> {
            long now = seconds();
            Row row = insert(connection, key, owner, now);
            if (row == null) {
                return Claim.GRANTED;
            }
            if (row.done) {
                return Claim.DONE;
            }
            if (row.claimedAt > now) {
                // The clock was set back. Counted from now, the claim neither ends early nor holds for years.
                claimAgain(connection, key, row, row.owner, now);
                return Claim.BUSY;
            }
            boolean taken = now - row.claimedAt > expirySeconds && claimAgain(connection, key, row, owner, now);
            return taken ? Claim.GRANTED_AGAIN : Claim.BUSY;
        });
    }

    @Override
    public boolean complete(String key, String owner) throws SQLException {
        return within(connection -> {
            update(connection, "UPDATE wosigndoc_delivery SET done_at = ? WHERE delivery_key = ? AND done_at IS NULL",
                    seconds(), key);
            // Not by the number of changed rows: databases count differently.
            Row row = find(connection, key);
            if (row == null) {
                // Acknowledged, it would be processed again when it comes again, because nothing remembers it.
                throw new SQLException("the delivery store has lost a claim (交付记录中的认领已丢失)");
            }
            return row.owner.equals(owner);
        });
    }

    @Override
    public void release(String key, String owner) throws SQLException {
        within(connection -> update(connection,
                "DELETE FROM wosigndoc_delivery WHERE delivery_key = ? AND owner = ? AND done_at IS NULL", key, owner));
    }

    @Override
    public boolean renew(String key, String owner) throws SQLException {
        return within(connection -> {
            update(connection,
                    "UPDATE wosigndoc_delivery SET claimed_at = ? WHERE delivery_key = ? AND owner = ? AND done_at IS NULL",
                    seconds(), key, owner);
            // Not by the count: where nothing changed, some databases count nothing.
            Row row = find(connection, key);
            return row != null && !row.done && row.owner.equals(owner);
        });
    }

    @Override
    public Duration expiry() {
        return Duration.ofSeconds(expirySeconds);
    }

    // Since 1970, as the packages of the other languages write it.
    private static long seconds() {
        return System.currentTimeMillis() / 1000;
    }

    private boolean tableIsThere() {
        try {
            within(connection -> find(connection, ""));
            return true;
        } catch (SQLException missing) {
            return false;
        }
    }

    // On a connection of its own, with nothing left open: some pools give connections that do not commit by
    // themselves, and some databases refuse to close one in the middle of a transaction.
    private <T> T within(Work<T> work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            boolean whole = false;
            try {
                T result = work.run(connection);
                if (!connection.getAutoCommit()) {
                    connection.commit();
                }
                whole = true;
                return result;
            } finally {
                if (!whole && !connection.getAutoCommit()) {
                    connection.rollback();
                }
            }
        }
    }

    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private static final class Row {
        final String owner;
        final long claimedAt;
        final boolean done;

        Row(ResultSet row) throws SQLException {
            owner = row.getString(1);
            claimedAt = row.getLong(2);
            row.getLong(3);
            done = !row.wasNull();
        }
    }

    // Null when there is none.
    private static Row find(Connection connection, String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT owner, claimed_at, done_at FROM wosigndoc_delivery WHERE delivery_key = ?")) {
            select.setString(1, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Row(row) : null;
            }
        }
    }

    // One of several that see the same old claim wins: the update finds its time once only.
    private static boolean claimAgain(Connection connection, String key, Row row, String owner, long now)
            throws SQLException {
        return update(connection,
                "UPDATE wosigndoc_delivery SET owner = ?, claimed_at = ? WHERE delivery_key = ? AND claimed_at = ?"
                        + " AND done_at IS NULL",
                owner, now, key, row.claimedAt) == 1;
    }

    // Inserts a claim; gives the other's when that was faster: the primary key decides.
    private static Row insert(Connection connection, String key, String owner, long now) throws SQLException {
        try {
            update(connection,
                    "INSERT INTO wosigndoc_delivery (delivery_key, owner, claimed_at) VALUES (?, ?, ?)", key, owner, now);
            return null;
        } catch (SQLException error) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            // What kind of error it is, each driver says in its own way; the row being there says it too.
            Row row = find(connection, key);
            if (row == null) {
                throw error;
            }
            return row;
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int at = 0; at < values.length; at++) {
                statement.setObject(at + 1, values[at]);
            }
            return statement.executeUpdate();
        }
    }
}
