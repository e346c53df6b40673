//! Files that a process left behind which ended in the middle of something.

use anyhow::Result;
use tracing::{error, warn};

use crate::folder::{self, Folder};
use crate::store::{Store, expiry, orders};

/// Removes files of orders that were never accepted, and documents whose rows say that they are gone: the process
/// ended between the two.
pub fn remove(folder: &Folder, store: &Store) -> Result<()> {
    for entry in std::fs::read_dir(folder.orders())? {
        let entry = entry?;
        let name = entry.file_name();
        let known = match name.to_str() {
            Some(signid) => store.with(|db| orders::exists(db, signid))?,
            None => false,
        };
        let signed = entry.path().join(folder::SIGNED);
        if known {
            if signed.exists() && store.with(|db| expiry::is_gone(db, &name.to_string_lossy()))? {
                warn!(signid = %name.to_string_lossy(), "removing a document that should be gone");
                // No reason not to serve: the next start tries again.
                if let Err(error) = std::fs::remove_file(signed) {
                    error!(%error, "it cannot be removed");
                }
            }
        } else if signed.exists() {
            // It was accepted once: perhaps an older database was put back. A contract is never thrown away.
            warn!(signid = %name.to_string_lossy(), "a signed document that the database does not know stays");
        } else {
            warn!(signid = %name.to_string_lossy(), "removing the files of an order that was never accepted");
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
