//! What need not be kept any longer.

use anyhow::Result;
use rusqlite::{Connection, params};

use crate::clock::now;

/// The number of orders that one call returns at most.
const BATCH: usize = 100;

/// Returns rows and signids of finished orders whose materials are still there, finished before this time
/// (milliseconds since 1970).
pub fn with_materials(connection: &Connection, before: i64) -> Result<Vec<(i64, String)>> {
    let sql = "SELECT id, signid FROM orders
               WHERE materials_gone IS NULL AND finished <= ?1 AND state <> 'accepted' LIMIT ?2";
    rows(connection, sql, before)
}

/// Returns the same of signed documents: acknowledged before this time. One that is still to be delivered stays.
pub fn with_document(connection: &Connection, before: i64) -> Result<Vec<(i64, String)>> {
    let sql = "SELECT o.id, o.signid FROM pushes p JOIN orders o ON o.id = p.order_id
               WHERE p.state = 'acknowledged' AND p.acknowledged <= ?1
                     AND o.state = 'signed' AND o.document_gone IS NULL LIMIT ?2";
    rows(connection, sql, before)
}

fn rows(connection: &Connection, sql: &str, before: i64) -> Result<Vec<(i64, String)>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![before, BATCH], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes that the materials of an order are deleted; persons' identity numbers are forgotten with them.
pub fn materials_gone(connection: &mut Connection, id: i64) -> Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute("UPDATE signers SET number = '' WHERE order_id = ?1 AND sign_type = 2", [id])?;
    transaction.execute("UPDATE orders SET materials_gone = ?2 WHERE id = ?1", params![id, now()])?;
    Ok(transaction.commit()?)
}

/// Notes that the signed document of an order is about to be deleted. Returns false when it is wanted again meanwhile, and stays.
pub fn document_gone(connection: &Connection, id: i64) -> Result<bool> {
    let sql = "UPDATE orders SET document_gone = ?2 WHERE id = ?1
               AND EXISTS (SELECT 1 FROM pushes WHERE order_id = ?1 AND state = 'acknowledged')";
    Ok(connection.execute(sql, params![id, now()])? == 1)
}

/// Returns whether the signed document of an order was to be deleted.
pub fn is_gone(connection: &Connection, signid: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM orders WHERE signid = ?1 AND document_gone IS NOT NULL";
    Ok(connection.prepare_cached(sql)?.exists([signid])?)
}
