package com.wosigndoc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Remembers pushes in the site's own database, in a table {@code wosigndoc_delivery}. Plain SQL, for
 * MySQL, PostgreSQL, SQL Server, Oracle, H2 and others.
 */
public final class JdbcDeliveryStore implements DeliveryStore {
    private final DataSource database;
    private final long expirySeconds;

    /**
     * A store whose claims expire after ten minutes.
     *
     * @param database where connections come from
     */
    public JdbcDeliveryStore(DataSource database) {
        this(database, Duration.ofMinutes(10));
    }

    /**
     * A store.
     *
     * @param database where connections come from
     * @param expiry after which time, in whole seconds, a claim of a process that died can be claimed again;
     *     longer than the site's function ever takes
     */
    public JdbcDeliveryStore(DataSource database, Duration expiry) {
        this.database = database;
        this.expirySeconds = expiry.getSeconds();
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
    public Claim claim(String key, String owner) throws IOException {
        return step(connection -> {
            long now = seconds();
            if (find(connection, key) == null && insert(connection, key, owner, now)) {
                return Claim.NEW;
            }
            Claim found = find(connection, key);
            if (found == Claim.DONE) {
                return Claim.DONE;
            }
            // One of several that see an expired claim wins: the update finds the old time once only.
            int taken = update(connection,
                    "UPDATE wosigndoc_delivery SET owner = ?, claimed_at = ? WHERE delivery_key = ? AND done_at IS NULL"
                            + " AND claimed_at < ?",
                    owner, now, key, now - expirySeconds);
            return taken == 1 ? Claim.NEW : Claim.BUSY;
        });
    }

    @Override
    public void done(String key) throws IOException {
        int marked = step(connection -> update(connection,
                "UPDATE wosigndoc_delivery SET done_at = ? WHERE delivery_key = ?", seconds(), key));
        if (marked != 1) {
            throw new IOException("the delivery store has lost a claim");
        }
    }

    @Override
    public void release(String key, String owner) throws IOException {
        step(connection -> update(connection,
                "DELETE FROM wosigndoc_delivery WHERE delivery_key = ? AND owner = ? AND done_at IS NULL", key, owner));
    }

    // Since 1970, as the packages of the other languages write it: a site may share the table among them.
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

    private <T> T step(Work<T> work) throws IOException {
        try {
            return within(work);
        } catch (SQLException error) {
            throw new IOException("the delivery store failed", error);
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

    private static Claim find(Connection connection, String key) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT done_at FROM wosigndoc_delivery WHERE delivery_key = ?")) {
            select.setString(1, key);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                row.getLong(1);
                return row.wasNull() ? Claim.BUSY : Claim.DONE;
            }
        }
    }

    // False when another was faster: the primary key decides.
    private static boolean insert(Connection connection, String key, String owner, long now) throws SQLException {
        try {
            return update(connection,
                    "INSERT INTO wosigndoc_delivery (delivery_key, owner, claimed_at) VALUES (?, ?, ?)", key, owner, now) == 1;
        } catch (SQLException error) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            if (find(connection, key) == null) {
                throw error;
            }
            return false;
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
