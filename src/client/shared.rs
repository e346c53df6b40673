//! Clients that stay when their handle is freed, for hosts whose objects do not outlive a request, such as
//! php-fpm's: the next handle of the same configuration in the same process gets the client, and with it the
//! connection that is still open.
//!
//! It is the one list that the process keeps, and nothing happens to it behind a host's back: only a call of
//! [`shared`] reads or changes it, on the thread that calls, and never waits for its lock. A forked child
//! inherits the list; connections are kept by process, as in every client.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, TryLockError};
use std::time::{Duration, Instant, SystemTime};

use sha2::{Digest, Sha256};

use super::settings::{FILES, object, settings, starting_file};
use super::{Client, Config};
use crate::protocol::Result;

/// Most clients that are kept; the one that waited longest goes first.
const MAX_KEPT: usize = 8;

/// A client older than this is made anew: roots of the system may have changed, certificates expired.
const MAX_AGE: Duration = Duration::from_secs(600);

static KEPT: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

#[derive(Clone)]
struct Kept {
    /// A digest of the text, which may hold a passphrase.
    key: [u8; 32],
    /// The folder that relative paths started from, when there were any.
    folder: Option<PathBuf>,
    made: Instant,
    files: Arc<[FileFacts]>,
    client: Arc<Client>,
}

/// What tells whether a file has changed.
struct FileFacts {
    path: PathBuf,
    length: Option<u64>,
    changed: Option<SystemTime>,
}

/// Returns the client of this configuration, or of where it is kept: one that an earlier call made, or a new one. Equal
/// configurations are equal texts, whose files have not changed since.
///
/// # Errors
/// Those of [`Config::from_json`] and [`Client::new`].
pub fn shared(config: &[u8]) -> Result<Arc<Client>> {
    let key = Sha256::digest(config).into();
    let found = with_list(|list| find(list, &key)).flatten();
    if let Some(kept) = found.filter(|kept| kept.files.iter().all(FileFacts::hold)) {
        return Ok(kept.client);
    }
    let kept = make(key, config)?;
    let client = Arc::clone(&kept.client);
    // What must go is dropped here, outside the lock: that closes connections.
    drop(with_list(|list| keep(list, kept)));
    Ok(client)
}

/// Makes a client. Each file is looked at before it is read: what changes in between is seen next time.
fn make(key: [u8; 32], config: &[u8]) -> Result<Kept> {
    let map = object(config)?;
    let start = starting_file(&map).map(PathBuf::from);
    let mut files: Vec<FileFacts> = start.iter().map(FileFacts::of).collect();
    let settings = settings(map)?;
    let named =
        |(section, name): &(&str, &str)| settings.get(*section)?.get(*name)?.as_str().map(PathBuf::from);
    let named: Vec<PathBuf> = FILES.iter().filter_map(named).collect();
    files.extend(named.iter().map(FileFacts::of));
    let relative = start.iter().chain(&named).any(|path| path.is_relative());
    let folder = relative.then(here);
    let client = Arc::new(Client::new(Config::from_settings(settings)?)?);
    Ok(Kept { key, folder, made: Instant::now(), files: files.into(), client })
}

/// Acts on the list, unless another thread does, or did when this process was forked off.
fn with_list<T>(act: impl FnOnce(&mut Vec<Kept>) -> T) -> Option<T> {
    match KEPT.try_lock() {
        Ok(mut list) => Some(act(&mut list)),
        Err(TryLockError::Poisoned(poisoned)) => Some(act(&mut poisoned.into_inner())),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Finds a client that is young enough, and moves it to the end: the front has waited longest.
fn find(list: &mut Vec<Kept>, key: &[u8; 32]) -> Option<Kept> {
    let of_here = |kept: &Kept| kept.folder.as_ref().is_none_or(|folder| *folder == here());
    let wanted = |kept: &Kept| kept.key == *key && kept.made.elapsed() < MAX_AGE && of_here(kept);
    let at = list.iter().position(wanted)?;
    let kept = list.remove(at);
    list.push(kept.clone());
    Some(kept)
}

/// Adds a client; gives those that must go.
fn keep(list: &mut Vec<Kept>, kept: Kept) -> Vec<Kept> {
    let is_same = |old: &Kept| old.key == kept.key && old.folder == kept.folder;
    let is_old = |old: &Kept| is_same(old) || old.made.elapsed() >= MAX_AGE;
    let (mut gone, mut rest): (Vec<Kept>, Vec<Kept>) = std::mem::take(list).into_iter().partition(is_old);
    if rest.len() >= MAX_KEPT {
        gone.push(rest.remove(0));
    }
    rest.push(kept);
    *list = rest;
    gone
}

fn here() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

impl FileFacts {
    fn of(path: impl AsRef<Path>) -> FileFacts {
        let path = std::path::absolute(&path).unwrap_or_else(|_| path.as_ref().into());
        let (length, changed) = look(&path);
        FileFacts { path, length, changed }
    }

    /// Tells whether the file is still the same.
    fn hold(&self) -> bool {
        look(&self.path) == (self.length, self.changed)
    }
}

fn look(path: &Path) -> (Option<u64>, Option<SystemTime>) {
    let facts = fs::metadata(path).ok();
    let changed = facts.as_ref().and_then(|facts| facts.modified().ok());
    (facts.map(|facts| facts.len()), changed)
}
