//! Has every signer of an accepted order sign, in turn, and hands the result to the push queue. Works from
//! the database: after a crash it goes on where it was.

use std::collections::HashSet;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{error, info, warn};
use wosigndoc::protocol::Code;
use wosigndoc::protocol::hex;

use super::means::Means;
use super::{request, twist};
use crate::clock;
use crate::faults::{Fault, Stage};
use crate::folder::{self, Folder};
use crate::signing;
use crate::stop::{GRACE, stopped};
use crate::store::Store;
use crate::store::orders::{self, Outcome, Work};

/// The number of attempts after which an order is given up whose signing ends the process: it would do so for ever.
const MAX_ATTEMPTS: u32 = 5;
/// The pause between two looks into the database without being told.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// The worker.
pub struct Worker {
    /// The folder of documents.
    pub folder: Folder,
    /// The database.
    pub store: Store,
    /// The CA and the fonts.
    pub means: Arc<Means>,
    /// The notice of accepted orders.
    pub accepted: Arc<Notify>,
    /// The notice to give of orders that are ready to be pushed.
    pub finished: Arc<Notify>,
    /// The number of documents signed at a time.
    pub threads: usize,
}

impl Worker {
    /// Signs until `stop` turns true; documents in work are finished, for at most [`GRACE`].
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        let mut busy = HashSet::new();
        let mut resting: Vec<(Instant, i64)> = Vec::new();
        loop {
            resting.retain(|(until, id)| Instant::now() < *until || !busy.remove(id));
            if let Err(cause) = self.start(&mut running, &mut busy).await {
                error!(error = format!("{cause:#}"), "cannot read the orders to sign");
            }
            tokio::select! {
                () = stopped(&mut stop) => break,
                Some(ended) = running.join_next(), if !running.is_empty() => {
                    match ended {
                        Ok((id, true)) => drop(busy.remove(&id)),
                        // Tried again after a pause, which the others do not wait for.
                        Ok((id, false)) => resting.push((Instant::now() + POLL_INTERVAL, id)),
                        Err(_) => {}
                    }
                }
                () = self.accepted.notified(), if running.len() < self.threads => {}
                () = tokio::time::sleep(POLL_INTERVAL) => {}
            }
        }
        let finish = async { while running.join_next().await.is_some() {} };
        if timeout(GRACE, finish).await.is_err() {
            info!("documents still being signed are signed after the next start");
        }
    }

    /// Fills the free places with the oldest orders.
    async fn start(&self, running: &mut JoinSet<(i64, bool)>, busy: &mut HashSet<i64>) -> Result<()> {
        let free = self.threads.saturating_sub(running.len());
        if free == 0 {
            return Ok(());
        }
        // Those in work or at rest are still waiting by their rows.
        let limit = free + busy.len();
        let waiting = self.store.run(move |db| orders::to_sign(db, limit)).await?;
        for id in waiting {
            if running.len() < self.threads && busy.insert(id) {
                let (store, folder) = (self.store.clone(), self.folder.clone());
                let (means, finished) = (Arc::clone(&self.means), Arc::clone(&self.finished));
                running.spawn(async move {
                    let done = process(id, store, folder, means).await;
                    finished.notify_one();
                    (id, done)
                });
            }
        }
        Ok(())
    }
}

/// Signs one order. Returns false when it could not be tried, through no fault of its own.
async fn process(id: i64, store: Store, folder: Folder, means: Arc<Means>) -> bool {
    let work = match store.run(move |db| orders::begin(db, id)).await {
        Ok(work) => work,
        Err(cause) => return failed_to("read", id, &cause),
    };
    let signid = work.order.signid.clone();
    let number = work.order.number.clone();
    let begun = Instant::now();
    let outcome = match tokio::task::spawn_blocking(move || sign(&work, &folder, &means)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(cause)) => {
            // If this fails too, the database says so at the next attempt.
            let _ = store.run(move |db| orders::unbegin(db, id)).await;
            return failed_to("sign", id, &cause);
        }
        // The panic itself is on standard error, without the document.
        Err(_) => internal("signing broke down"),
    };
    let milliseconds = begun.elapsed().as_millis();
    match &outcome {
        Outcome::Signed { length, .. } => {
            info!(signid, order_number = number, length, milliseconds, "order signed");
        }
        Outcome::Failed { code, error } => {
            warn!(signid, order_number = number, code, error, "order failed");
        }
    }
    match store.run(move |db| orders::finish(db, id, &outcome)).await {
        Ok(()) => true,
        Err(cause) => failed_to("finish", id, &cause),
    }
}

/// Reports a failure of the disk or the database: the order stays accepted, and is tried again after a pause.
fn failed_to(what: &str, id: i64, cause: &anyhow::Error) -> bool {
    error!(row = id, error = format!("{cause:#}"), "cannot {what} an order");
    false
}

fn internal(error: &str) -> Outcome {
    Outcome::Failed { code: Code::PlatformInternal.number(), error: error.to_owned() }
}

/// Signs one order; the signed document is on disk when this returns.
fn sign(work: &Work, folder: &Folder, means: &Means) -> Result<Outcome> {
    if work.attempts >= MAX_ATTEMPTS {
        return Ok(internal("signing it ended the process again and again"));
    }
    let fault = match means.faults.take(Stage::Sign, &work.order.token, &work.order.number) {
        Some(Fault::Fail(code)) => {
            return Ok(Outcome::Failed { code: code.number(), error: "as ordered".to_owned() });
        }
        Some(Fault::Document(fault)) => Some(fault),
        _ => None,
    };
    let place = folder.order(&work.order.signid);
    let document = match fs::read(place.join("filebase")) {
        Ok(document) => twist::before_signing(fault, document),
        // It will not come back: the caller is told (P-32) instead of left waiting.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(internal("the document is gone from the data folder"));
        }
        Err(error) => return Err(error).context("cannot read the document"),
    };
    let signers = request::requests(&work.order, &place)?;
    let password = work.order.password.as_deref();
    let now = clock::utc();
    let stranger = twist::stranger(fault)?;
    let authority = stranger.as_ref().unwrap_or(&means.authority);
    match signing::sign_document(document, password, &signers, authority, &means.fonts, now) {
        Ok(signed) => {
            folder::write(&place.join(folder::SIGNED), &signed)
                .context("cannot write the signed document")?;
            let sha256 = hex::encode(&Sha256::digest(&signed));
            Ok(Outcome::Signed { sha256, length: signed.len() as u64 })
        }
        Err(error) => {
            let (code, _) = request::code_of(&error);
            Ok(Outcome::Failed { code: code.number(), error: error.to_string() })
        }
    }
}
