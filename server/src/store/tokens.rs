//! Tokens: who may place orders, with which key, and where documents are pushed to. And the registry of
//! known companies.

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::clock::now;

/// A caller's account.
#[derive(Clone, Debug)]
pub struct Token {
    /// TokenID.
    pub id: String,
    /// Who it belongs to.
    pub label: String,
    /// SHA-256 of the registered public key (SPKI), lower-case hex.
    pub spki: String,
    /// Whether it may be used.
    pub enabled: bool,
    /// Orders that may still be placed.
    pub balance: i64,
    /// Where documents are pushed to.
    pub callback: Option<String>,
    /// Whether its orders wait until each signer agrees.
    pub manual: bool,
}

const COLUMNS: &str = "id, label, spki, enabled, balance, callback, manual";

fn read(row: &Row<'_>) -> rusqlite::Result<Token> {
    Ok(Token {
        id: row.get(0)?,
        label: row.get(1)?,
        spki: row.get(2)?,
        enabled: row.get(3)?,
        balance: row.get(4)?,
        callback: row.get(5)?,
        manual: row.get(6)?,
    })
}

/// Returns the token with this id.
pub fn find(connection: &Connection, id: &str) -> Result<Option<Token>> {
    let sql = format!("SELECT {COLUMNS} FROM tokens WHERE id = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// Returns whether any token is bound to this public key.
pub fn registered(connection: &Connection, spki: &str) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM tokens WHERE spki = ?1")?.exists([spki])?)
}

/// Returns every token.
pub fn all(connection: &Connection) -> Result<Vec<Token>> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM tokens ORDER BY created, id"))?;
    let tokens = statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    Ok(tokens)
}

/// Adds a token, or changes the one with its id.
pub fn save(connection: &Connection, token: &Token) -> Result<()> {
    let Token { id, label, spki, enabled, balance, callback, manual } = token;
    connection.execute(
        "INSERT INTO tokens (id, label, spki, enabled, balance, callback, manual, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET label = excluded.label, spki = excluded.spki, enabled = excluded.enabled,
             balance = excluded.balance, callback = excluded.callback, manual = excluded.manual",
        params![id, label, spki, enabled, balance, callback, manual, now()],
    )?;
    Ok(())
}

/// Takes the price of one order from the balance. Returns false when there is not enough.
pub fn charge(connection: &Connection, id: &str) -> Result<bool> {
    let sql = "UPDATE tokens SET balance = balance - 1 WHERE id = ?1 AND balance > 0";
    Ok(connection.execute(sql, [id])? == 1)
}

/// Gives back the price of an order that failed.
pub fn refund(connection: &Connection, order: i64) -> Result<()> {
    // An operator may have set the highest balance meanwhile.
    let sql = "UPDATE tokens SET balance = balance + 1
               WHERE id = (SELECT token FROM orders WHERE id = ?1) AND balance < ?2";
    connection.execute(sql, params![order, i64::MAX])?;
    Ok(())
}

/// Returns the name that a licence number is registered under.
pub fn company(connection: &Connection, number: &str) -> Result<Option<String>> {
    let sql = "SELECT name FROM registry WHERE number = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([number], |row| row.get(0)).optional()?)
}

/// Returns every known company: number and name.
pub fn companies(connection: &Connection) -> Result<Vec<(String, String)>> {
    let mut statement = connection.prepare("SELECT number, name FROM registry ORDER BY number")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Registers a company, or forgets it (`None`).
pub fn register(connection: &Connection, number: &str, name: Option<&str>) -> Result<()> {
    match name {
        Some(name) => connection
            .execute("INSERT OR REPLACE INTO registry (number, name) VALUES (?1, ?2)", [number, name])?,
        None => connection.execute("DELETE FROM registry WHERE number = ?1", [number])?,
    };
    Ok(())
}
