//! The files of one delivery, while its subfolder's lock is held.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::unwritable;
use crate::protocol::catalogue::Reason;
use crate::protocol::hex;
use crate::protocol::{Error, Result};
use crate::push::folder::{self, Folder};

/// What a claim's file says. A done mark is such a file, renamed: that needs no space on a full disk.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) delivery_key: String,
    pub(super) owner: String,
    /// Seconds since 1970.
    pub(super) claimed_at: u64,
    pub(super) expire_seconds: u64,
}

/// A delivery whose files nobody else uses at the moment.
pub(super) struct Entry {
    /// The path of its files without their endings.
    stem: PathBuf,
    subfolder: Folder,
    folder: Folder,
    _lock: Lock,
}

impl Entry {
    /// Waits for a delivery's files. Makes the folders that are missing.
    pub(super) fn make(folder: &Path, key: &str) -> Result<Entry> {
        if let Some(entry) = Entry::find(folder, key)? {
            return Ok(entry);
        }
        let subfolder = subfolder_of(folder, &name_of(key));
        let fail = |error: io::Error| unwritable(folder, &error);
        folder::make_private(folder).map_err(fail)?;
        folder::make_within(&subfolder, folder).map_err(fail)?;
        Entry::find(folder, key)?.ok_or_else(|| fail(io::ErrorKind::NotFound.into()))
    }

    /// Finds the entry of a key; `None` where a folder is missing.
    pub(super) fn find(folder: &Path, key: &str) -> Result<Option<Entry>> {
        let name = name_of(key);
        let subfolder = subfolder_of(folder, &name);
        let open = || -> io::Result<Entry> {
            Ok(Entry {
                _lock: Lock::wait(&subfolder.join("lock"))?,
                stem: subfolder.join(name),
                subfolder: Folder::open(&subfolder)?,
                folder: Folder::open(folder)?,
            })
        };
        match open() {
            Ok(entry) => Ok(Some(entry)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unwritable(folder, &error)),
        }
    }

    /// Returns who is processing it, and since when.
    pub(super) fn claim(&self) -> Result<Option<Record>> {
        let path = self.file("claim");
        let Some(bytes) = read(&path)? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|_| {
            // Files are replaced as a whole: this is a fault of the disk, or somebody else's file.
            unreadable(&path, "it is not a claim; remove it", "它不是认领记录，请将其删除")
        })
    }

    pub(super) fn is_claimed_by(&self, owner: &str) -> Result<bool> {
        Ok(self.claim()?.is_some_and(|claim| claim.owner == owner))
    }

    pub(super) fn is_done(&self) -> Result<bool> {
        let path = self.file("done");
        path.try_exists().map_err(|error| failed_to_read(&path, &error))
    }

    /// Returns the owner of the claim that became the done mark, if the mark says it.
    pub(super) fn done_by(&self) -> Result<Option<String>> {
        let record = read(&self.file("done"))?.map(|bytes| serde_json::from_slice::<Record>(&bytes));
        Ok(record.and_then(std::result::Result::ok).map(|record| record.owner))
    }

    /// Writes the claim, and brings it onto the disk.
    pub(super) fn write(&self, record: &Record) -> Result<()> {
        // One name is enough, for one process at a time: what a killed one left is overwritten.
        let part = self.file("part");
        let write = || {
            let mut file = File::create(&part)?;
            file.write_all(&serde_json::to_vec(record)?)?;
            file.sync_all()?;
            drop(file);
            fs::rename(&part, self.file("claim"))?;
            self.sync()
        };
        write().map_err(|error: io::Error| {
            // As on a full disk, where the few bytes may be wanted. That it could not be written matters more than
            // that it could not be removed.
            let _ = fs::remove_file(&part);
            unwritable(&part, &error)
        })
    }

    /// Makes the claim the done mark; where it is one already, only brings that onto the disk: whoever made it
    /// may not have come to that.
    pub(super) fn mark_done(&self) -> Result<()> {
        let done = self.file("done");
        let renamed = match fs::rename(self.file("claim"), &done) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            renamed => renamed,
        };
        renamed.and_then(|()| self.sync()).map_err(|error| unwritable(&done, &error))
    }

    /// Removes the claim. It need not be gone after a power cut: it then expires.
    pub(super) fn remove_claim(&self) -> Result<()> {
        let path = self.file("claim");
        fs::remove_file(&path).map_err(|error| unwritable(&path, &error))
    }

    fn sync(&self) -> io::Result<()> {
        self.subfolder.sync()?;
        // Whoever made the subfolder may not have come to that.
        self.folder.sync()
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.stem.with_extension(ending)
    }
}

/// A lock that processes and threads wait for. It ends with its process, however that ends.
struct Lock(File);

impl Lock {
    fn wait(path: &Path) -> io::Result<Lock> {
        let file = File::options().write(true).create(true).truncate(false).open(path)?;
        loop {
            match file.lock() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                locked => return locked.map(|()| Lock(file)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing it would not be enough when the process has forked meanwhile: the child has it open, too.
        let _ = self.0.unlock();
    }
}

/// Returns the SHA-256 of a key in lower-case hex: a name that every file system takes.
fn name_of(key: &str) -> String {
    hex::encode(&Sha256::digest(key))
}

fn subfolder_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(name.get(..2).unwrap_or_default())
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed_to_read(path, &error)),
    }
}

fn failed_to_read(path: &Path, error: &io::Error) -> Error {
    Error::of_system(Reason::FileUnreadable, path.display(), error).field("folder")
}

fn unreadable(path: &Path, en: &str, zh: &str) -> Error {
    let path = path.display();
    Error::new(Reason::FileUnreadable)
        .field("folder")
        .detail(format!("{path}: {en}"), format!("{path}：{zh}"))
}
