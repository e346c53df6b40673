//! The tables, step by step: a database of any earlier version is brought up to this one.

use anyhow::{Result, bail};
use rusqlite::Connection;

/// Each step brings the database from the version of its place in the list to the next. Steps that a
/// release has shipped are never changed.
const STEPS: &[&str] = &[FIRST, SECOND, THIRD];

/// Makes the first tables. Times are milliseconds since 1970, hashes lower-case hex.
const FIRST: &str = "
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    spki TEXT NOT NULL,                       -- SHA-256 of the registered public key (P-3)
    enabled INTEGER NOT NULL DEFAULT 1,
    balance INTEGER NOT NULL,                 -- orders that may still be placed
    callback TEXT,                            -- P-36
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE templates (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    signers TEXT NOT NULL,                    -- JSON: what each signer is, and its boxes
    created INTEGER NOT NULL
) STRICT;

-- Companies that are known: a licence number given with another name is refused.
CREATE TABLE registry (number TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    signid TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL REFERENCES tokens (id),
    number TEXT NOT NULL,                     -- orderNumber
    template TEXT,
    subject TEXT NOT NULL,
    password TEXT,                            -- forgotten once the document is signed
    state TEXT NOT NULL CHECK (state IN ('accepted', 'signed', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,      -- of signing
    errorcode INTEGER,
    error TEXT,
    sha256 TEXT,                              -- of the signed document
    length INTEGER,
    created INTEGER NOT NULL,
    finished INTEGER
) STRICT;
-- A number may be used again only after its order failed.
CREATE UNIQUE INDEX order_numbers ON orders (token, number) WHERE state <> 'failed';
CREATE INDEX orders_to_sign ON orders (id) WHERE state = 'accepted';

CREATE TABLE signers (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    place INTEGER NOT NULL,                   -- signing order, from 0
    sign_type INTEGER NOT NULL,               -- 1 organisation, 2 person
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    country TEXT NOT NULL,
    PRIMARY KEY (order_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE boxes (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    signer INTEGER NOT NULL,
    place INTEGER NOT NULL,
    page INTEGER NOT NULL,
    \"left\" REAL NOT NULL, bottom REAL NOT NULL, \"right\" REAL NOT NULL, top REAL NOT NULL,
    PRIMARY KEY (order_id, signer, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE pushes (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL UNIQUE REFERENCES orders (id),
    state TEXT NOT NULL CHECK (state IN ('pending', 'acknowledged', 'undelivered')),
    tries INTEGER NOT NULL DEFAULT 0,
    first_try INTEGER,
    next_try INTEGER NOT NULL,
    last_error TEXT,
    acknowledged INTEGER
) STRICT;
CREATE INDEX pushes_due ON pushes (next_try) WHERE state = 'pending';
";

/// Adds when files were deleted that need not be kept any longer.
const SECOND: &str = "
ALTER TABLE orders ADD COLUMN materials_gone INTEGER;
ALTER TABLE orders ADD COLUMN document_gone INTEGER;
CREATE INDEX orders_with_materials ON orders (finished) WHERE materials_gone IS NULL;
";

/// Adds signers who are asked: an order of a token or template that is `manual` waits for each of them.
const THIRD: &str = "
ALTER TABLE tokens ADD COLUMN manual INTEGER NOT NULL DEFAULT 0;
ALTER TABLE templates ADD COLUMN manual INTEGER NOT NULL DEFAULT 0;
ALTER TABLE signers ADD COLUMN agreed INTEGER NOT NULL DEFAULT 1;
";

/// Brings the tables up to date.
pub fn migrate(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction()?;
    let version: usize = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > STEPS.len() {
        bail!("it was written by a newer wosigndoc-server: use that one");
    }
    if version == STEPS.len() {
        return Ok(());
    }
    for step in STEPS.iter().skip(version) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", STEPS.len())?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database of a later version is left as it is: going on would lose what that version knows.
    #[test]
    fn leaves_a_newer_database_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", STEPS.len() + 1).unwrap();
        assert!(migrate(&mut connection).unwrap_err().to_string().contains("newer"));
        let version: usize = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, STEPS.len() + 1);
    }

    /// A database of the first version is brought up to date, with what it holds.
    #[test]
    fn brings_an_old_database_up_to_date() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(FIRST).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        connection.execute("INSERT INTO settings VALUES ('kept', 'yes')", []).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(crate::store::remembered(&connection, "kept").unwrap().as_deref(), Some("yes"));
        connection.prepare("SELECT materials_gone, document_gone FROM orders").unwrap();
        connection.prepare("SELECT t.manual, s.agreed FROM tokens t, signers s").unwrap();
    }
}
