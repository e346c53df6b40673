//! Which pushes a site has processed, kept in a folder that all its processes on one machine share: a push that
//! comes twice reaches the site's function once. docs/deliveries.md states the steps for every kind of store.
//!
//! `HH/HASH.claim` says who is processing a push, `HH/HASH.done` that it was processed; `HASH` is the SHA-256 of
//! its key, `HH` the first two digits of that. A step is taken while its subfolder's lock is held. It replaces or
//! renames a whole file, so that a process may be killed at any moment, and what it answers is on the disk first.

mod entry;
mod request;

pub use request::Delivery;

use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::protocol::catalogue::Reason;
use crate::protocol::{Error, Result};

use entry::{Entry, Record};

/// How long a claim holds where nothing else is said: 15 minutes, in the stores of every language.
pub const DEFAULT_EXPIRY: Duration = Duration::from_secs(900);

/// A delivery store in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    folder: PathBuf,
}

/// What a claim found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The caller may process the push now, and nobody else does.
    Granted,
    /// The same, after another's claim had expired: its process may have died within the site's function, which may
    /// then have run, in part or whole, and runs again.
    GrantedAgain,
    /// Somebody else is processing it.
    Busy,
    /// It has been processed: acknowledge it again.
    Done,
}

impl Claim {
    /// Returns the word for it: `granted`, `granted_again`, `busy` or `done`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Claim::Granted => "granted",
            Claim::GrantedAgain => "granted_again",
            Claim::Busy => "busy",
            Claim::Done => "done",
        }
    }
}

/// A push that is marked as processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completed {
    /// The claim had expired, and another owner has taken it over: the site's function may have run twice.
    pub taken_over: bool,
}

impl Ledger {
    /// Returns the store in this folder, which belongs to it alone. The first claim makes it where it is missing,
    /// with mode 0700.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Ledger {
        Ledger { folder: folder.into() }
    }

    /// Claims a push for `owner`, a name that nobody else has. The claim says itself when it expires, so that
    /// processes with different settings agree: from then on the next one to ask is granted it.
    ///
    /// # Errors
    /// `bad_option` when the claim would expire within a second; `file_unwritable`, `file_unreadable`: nothing is
    /// claimed, or the claim expires by itself.
    pub fn claim(&self, key: &str, owner: &str, expire_after: Duration) -> Result<Claim> {
        if expire_after.as_secs() == 0 {
            let error = Error::new(Reason::BadOption).field("expire_after");
            return Err(error.detail("must be a second at least", "应至少为 1 秒"));
        }
        let entry = Entry::make(&self.folder, key)?;
        if entry.is_done()? {
            return Ok(Claim::Done);
        }
        let (now, mut granted) = (now(), Claim::Granted);
        if let Some(found) = entry.claim()? {
            if found.claimed_at > now {
                // The clock was set back. Counted from now, the claim neither ends early nor holds for years.
                entry.write(&Record { claimed_at: now, ..found })?;
                return Ok(Claim::Busy);
            }
            // Whole seconds are cut off both times: only one more has surely passed.
            if now - found.claimed_at <= found.expire_seconds {
                return Ok(Claim::Busy);
            }
            granted = Claim::GrantedAgain;
        }
        entry.write(&Record {
            delivery_key: key.to_owned(),
            owner: owner.to_owned(),
            claimed_at: now,
            expire_seconds: expire_after.as_secs(),
        })?;
        Ok(granted)
    }

    /// Marks a claimed push as processed, also when its claim has expired and another has taken it over.
    ///
    /// # Errors
    /// `claim_lost` when there is neither a claim nor a mark: acknowledged, the push would be processed again when
    /// it comes again. `file_unwritable`, `file_unreadable`.
    pub fn complete(&self, key: &str, owner: &str) -> Result<Completed> {
        let lost = || Error::new(Reason::ClaimLost).field("folder").because(self.folder.display());
        let entry = Entry::find(&self.folder, key)?.ok_or_else(lost)?;
        let owner_now = match entry.claim()? {
            Some(claim) => Some(claim.owner),
            None if entry.is_done()? => entry.done_by()?,
            None => return Err(lost()),
        };
        entry.mark_done()?;
        Ok(Completed { taken_over: owner_now.as_deref() != Some(owner) })
    }

    /// Gives a claim up, so that the next push may try at once. Nothing happens when it is no longer this
    /// owner's, or the push is done.
    ///
    /// # Errors
    /// `file_unwritable`, `file_unreadable`: the claim expires by itself.
    pub fn release(&self, key: &str, owner: &str) -> Result<()> {
        match Entry::find(&self.folder, key)? {
            Some(entry) if entry.is_claimed_by(owner)? => entry.remove_claim(),
            _ => Ok(()),
        }
    }

    /// Lets a claim begin now, for a function that takes longer than was thought. Returns false, and does nothing,
    /// when it is no longer this owner's, or the push is done.
    ///
    /// # Errors
    /// `file_unwritable`, `file_unreadable`: the claim is as it was.
    pub fn renew(&self, key: &str, owner: &str) -> Result<bool> {
        let Some(entry) = Entry::find(&self.folder, key)? else { return Ok(false) };
        match entry.claim()? {
            Some(claim) if claim.owner == owner => {
                entry.write(&Record { claimed_at: now(), ..claim })?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

/// Returns whole seconds since 1970, as the stores in databases count.
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

fn unwritable(path: &std::path::Path, error: &io::Error) -> Error {
    Error::of_system(Reason::FileUnwritable, path.display(), error).field("folder")
}
