//! Forgets all orders.

use anyhow::Result;
use rusqlite::Connection;

/// Deletes every order with its push, and gives its token back what it cost. Returns the signids, whose files are to be
/// removed.
pub fn forget(connection: &mut Connection) -> Result<Vec<String>> {
    let transaction = connection.transaction()?;
    let signids = {
        let mut statement = transaction.prepare("SELECT signid FROM orders")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    transaction.execute_batch(
        "UPDATE tokens SET balance = balance +
             (SELECT count(*) FROM orders WHERE token = tokens.id AND state <> 'failed');
         DELETE FROM pushes; DELETE FROM boxes; DELETE FROM signers; DELETE FROM orders;",
    )?;
    transaction.commit()?;
    Ok(signids)
}
