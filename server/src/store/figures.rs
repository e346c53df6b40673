//! Figures about everything that is stored.

use anyhow::Result;
use rusqlite::Connection;

/// How many there are of what.
pub struct Figures {
    /// Orders by state.
    pub orders: Vec<(String, i64)>,
    /// Pushes by state.
    pub pushes: Vec<(String, i64)>,
    /// Since when the oldest push waits that is still tried, milliseconds since 1970.
    pub oldest_pending: Option<i64>,
}

/// Counts.
pub fn read(connection: &Connection) -> Result<Figures> {
    let oldest =
        "SELECT min(o.finished) FROM pushes p JOIN orders o ON o.id = p.order_id WHERE p.state = 'pending'";
    Ok(Figures {
        orders: by_state(connection, "orders")?,
        pushes: by_state(connection, "pushes")?,
        oldest_pending: connection.query_row(oldest, [], |row| row.get(0))?,
    })
}

fn by_state(connection: &Connection, table: &'static str) -> Result<Vec<(String, i64)>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT state, count(*) FROM {table} GROUP BY state"))?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Fails where nothing can be written: the transaction is undone.
pub fn is_writable(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction()?;
    super::remember(&transaction, "writable", "yes")?;
    Ok(transaction.rollback()?)
}
