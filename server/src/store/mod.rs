//! What must survive: one SQLite database. A commit is on disk (synchronous=FULL) before it returns.

pub mod consent;
pub mod expiry;
pub mod figures;
pub mod orders;
pub mod pushes;
pub mod reset;
mod schema;
pub mod templates;
pub mod tokens;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

/// The database, shared by everything in the process.
#[derive(Clone)]
pub struct Store(Arc<Mutex<Connection>>);

impl Store {
    /// Opens the database, makes it if it is missing, and brings its tables up to date.
    pub fn open(path: &Path) -> Result<Store> {
        let open = || -> Result<Connection> {
            let mut connection = Connection::open(path)?;
            connection.busy_timeout(Duration::from_secs(10))?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            // What is forgotten (passwords, identity numbers) is overwritten, not only let go.
            connection.pragma_update(None, "secure_delete", true)?;
            connection.set_transaction_behavior(TransactionBehavior::Immediate);
            schema::migrate(&mut connection)?;
            Ok(connection)
        };
        let connection = open().with_context(|| format!("cannot open the database {}", path.display()))?;
        Ok(Store(Arc::new(Mutex::new(connection))))
    }

    /// Does something with the database, on this thread.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn with<T, E>(&self, work: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut connection)
    }

    /// Does something with the database, on a thread that may block.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.with(work)).await?
    }
}

/// Returns a value that the platform remembers.
pub fn remembered(connection: &Connection, name: &str) -> Result<Option<String>> {
    let sql = "SELECT value FROM settings WHERE name = ?1";
    Ok(connection.query_row(sql, [name], |row| row.get(0)).optional()?)
}

/// Remembers a value.
pub fn remember(connection: &Connection, name: &str, value: &str) -> Result<()> {
    connection.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)", [name, value])?;
    Ok(())
}
