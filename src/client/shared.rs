//! Clients that stay when their handle is freed, for hosts whose objects do not outlive a request, such as
//! php-fpm's: the next handle of the same configuration in the same process gets the client, and with it the
//! connection that is still open.
//!
//! It is the one list that the process keeps, and nothing happens to it behind a host's back: only a call of
//! [`shared`] reads or changes it, on the thread that calls, and never waits for its lock. A forked child
//! inherits the list; connections are kept by process, as in every client.

use std::fs;
use std::sync::{Arc, Mutex, TryLockError};
use std::time::{Duration, Instant, UNIX_EPOCH};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::config::object;
use super::{Client, Config};
use crate::protocol::Result;

/// Most clients that are kept; the one that waited longest goes first.
const MOST: usize = 8;

/// A client older than this is made anew: roots of the system may have changed, certificates expired.
const LONGEST: Duration = Duration::from_secs(600);

/// The settings that name a file, by section.
const FILES: [(&str, &str); 4] = [
    ("identity", "certificate_file"),
    ("identity", "key_file"),
    ("identity", "pkcs12_file"),
    ("roots", "ca_file"),
];

static KEPT: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

struct Kept {
    key: [u8; 32],
    made: Instant,
    client: Arc<Client>,
}

/// The client of this configuration: one that an earlier call made, or a new one. Equal configurations are
/// equal texts whose files have not changed since.
///
/// # Errors
/// Those of [`Config::from_json`] and [`Client::new`].
pub fn shared(config: &[u8]) -> Result<Arc<Client>> {
    let key = key(config);
    if let Some(client) = with_list(|list| find(list, &key)).flatten() {
        return Ok(client);
    }
    let client = Arc::new(Client::new(Config::from_json(config)?)?);
    let kept = Kept { key, made: Instant::now(), client: Arc::clone(&client) };
    // What must go is dropped here, outside the lock: that closes connections.
    drop(with_list(|list| keep(list, kept)));
    Ok(client)
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
fn find(list: &mut Vec<Kept>, key: &[u8; 32]) -> Option<Arc<Client>> {
    let at = list.iter().position(|kept| kept.key == *key && kept.made.elapsed() < LONGEST)?;
    let kept = list.remove(at);
    let client = Arc::clone(&kept.client);
    list.push(kept);
    Some(client)
}

/// Adds a client; gives those that must go.
fn keep(list: &mut Vec<Kept>, kept: Kept) -> Vec<Kept> {
    let is_old = |old: &Kept| old.key == kept.key || old.made.elapsed() >= LONGEST;
    let (mut gone, mut rest): (Vec<Kept>, Vec<Kept>) = std::mem::take(list).into_iter().partition(is_old);
    if rest.len() >= MOST {
        gone.push(rest.remove(0));
    }
    rest.push(kept);
    *list = rest;
    gone
}

/// A digest of the configuration and of what tells whether its files changed: their sizes and times.
fn key(config: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new_with_prefix(config);
    // What is no configuration is refused later, and not kept.
    let settings = object(config).unwrap_or_default();
    for (section, name) in FILES {
        let given = settings.get(section).and_then(|section| section.get(name));
        let Some(path) = given.and_then(Value::as_str) else { continue };
        let path = std::path::absolute(path).unwrap_or_else(|_| path.into());
        digest.update(path.as_os_str().as_encoded_bytes());
        let facts = fs::metadata(&path).ok();
        let changed = facts.as_ref().and_then(|facts| facts.modified().ok());
        let changed = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        digest.update(facts.map_or(u64::MAX, |facts| facts.len()).to_le_bytes());
        digest.update(changed.as_nanos().to_le_bytes());
    }
    digest.finalize().into()
}
