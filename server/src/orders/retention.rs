//! Deletes what need not be kept any longer: materials some time after their order is signed or failed,
//! signed documents, where that is wanted, some time after they were delivered.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::watch;
use tracing::{error, info};

use crate::clock;
use crate::folder::{self, Folder};
use crate::settings::Settings;
use crate::stop::stopped;
use crate::store::{Store, expiry};

/// The pause between two sweeps.
const SWEEP_INTERVAL: Duration = Duration::from_secs(600);
/// A day, in milliseconds.
const DAY: i64 = 24 * 3600 * 1000;

/// The task that deletes.
pub struct Retention {
    folder: Folder,
    store: Store,
    materials: u32,
    documents: Option<u32>,
}

impl Retention {
    /// Makes a task that keeps things as long as these settings say.
    pub fn new(folder: Folder, settings: &Settings, store: Store) -> Retention {
        let Settings { materials_days: materials, documents_days: documents, .. } = *settings;
        Retention { folder, store, materials, documents }
    }

    /// Sweeps now and then until `stop` turns true.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        loop {
            let (sweeper, stopping) = (Arc::clone(&self), stop.clone());
            let swept = tokio::task::spawn_blocking(move || sweeper.sweep(&stopping)).await;
            match swept {
                Ok(Ok(0)) => {}
                Ok(Ok(orders)) => info!(orders, "deleted what need not be kept any longer"),
                Ok(Err(cause)) => error!(error = format!("{cause:#}"), "cannot delete what is out of date"),
                Err(panic) => error!(%panic, "deleting what is out of date broke down"),
            }
            tokio::select! {
                () = stopped(&mut stop) => return,
                () = tokio::time::sleep(SWEEP_INTERVAL) => {}
            }
        }
    }

    /// Deletes what is out of date. Returns how many orders it was about.
    pub fn sweep(&self, stop: &watch::Receiver<bool>) -> Result<usize> {
        let mut count = 0;
        while !*stop.borrow() {
            let before = clock::now() - i64::from(self.materials) * DAY;
            let orders = self.store.with(|db| expiry::with_materials(db, before))?;
            if orders.is_empty() {
                break;
            }
            for (id, signid) in orders {
                // Files first: what a crash leaves is deleted by the next sweep.
                remove_materials(&self.folder.order(&signid))?;
                self.store.with(|db| expiry::materials_gone(db, id))?;
                count += 1;
            }
        }
        let Some(days) = self.documents else { return Ok(count) };
        while !*stop.borrow() {
            let before = clock::now() - i64::from(days) * DAY;
            let orders = self.store.with(|db| expiry::with_document(db, before))?;
            if orders.is_empty() {
                break;
            }
            for (id, signid) in orders {
                // The row first: nobody asks for a push of a document that is gone. What a crash leaves is deleted at
                // the next start.
                if self.store.with(|db| expiry::document_gone(db, id))? {
                    remove_file(&self.folder.order(&signid).join(folder::SIGNED))?;
                    count += 1;
                }
            }
        }
        Ok(count)
    }
}

/// Deletes all files of an order but its signed document.
fn remove_materials(place: &Path) -> Result<()> {
    let entries = match std::fs::read_dir(place) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.with_context(|| format!("cannot read {}", place.display()))?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name() != folder::SIGNED {
            remove_file(&entry.path())?;
        }
    }
    Ok(())
}

fn remove_file(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot delete {}", path.display()))
        }
        _ => Ok(()),
    }
}
