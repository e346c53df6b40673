//! The bulk of a request (documents, seals, materials) in files, and what stands around it.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use wosigndoc::protocol::bilingual::{self, Bilingual};
use wosigndoc::protocol::scan::{Bulk, DECODED_BLOCK, ScanFault, Start};

use crate::{folder, rights};

/// The size of the buffer for decoded bytes that are not yet written.
const BUFFER: usize = 64 * 1024;

/// A body that came whole.
pub struct Upload {
    /// Everything but the bulk; the n-th bulk string stands as `{"attachment": n}`.
    pub envelope: Map<String, Value>,
    /// The bulk.
    pub spool: Spool,
}

/// The files of one request; removed when it is dropped, unless an order took them over.
pub struct Spool {
    folder: PathBuf,
    made: bool,
    /// Whether the bulk is written at all.
    keep: bool,
    /// What each file is.
    pub parts: Vec<SpooledFile>,
    /// What is wrong with bulk fields: told in its turn, after token and certificate (P-18).
    pub faults: Vec<(String, Bilingual)>,
    open: Option<File>,
    buffer: Vec<u8>,
    filled: usize,
}

/// One bulk string, decoded into a file.
#[derive(Clone, Debug)]
pub struct SpooledFile {
    /// Path of the field, e.g. `signerlist[1].pic`.
    pub field: String,
    /// The file.
    pub path: PathBuf,
    /// Its length in bytes.
    pub length: u64,
}

impl Spool {
    /// Makes a spool for one request, whose files will lie in `folder`; without `keep` they are only counted.
    pub fn new(folder: PathBuf, keep: bool) -> Spool {
        let (parts, faults, buffer) = (Vec::new(), Vec::new(), Vec::new());
        Spool { folder, made: false, keep, parts, faults, open: None, buffer, filled: 0 }
    }

    /// Returns the folder of the files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folder, for a request that brought no bulk.
    pub fn make(&mut self) -> std::io::Result<()> {
        if !self.made {
            rights::private_folder(&self.folder)?;
            self.made = true;
        }
        Ok(())
    }

    /// Leaves the files to an order.
    pub fn hand_over(mut self) {
        self.made = false;
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if let (Some(file), Some(bytes)) = (self.open.as_mut(), self.buffer.get(..self.filled)) {
            file.write_all(bytes)?;
        }
        self.filled = 0;
        Ok(())
    }

    fn count(&mut self, bytes: usize) {
        if let Some(part) = self.parts.last_mut() {
            part.length += bytes as u64;
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if self.made {
            // What cannot be removed now is removed at the next start.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

impl Bulk for Spool {
    type Error = std::io::Error;

    fn begin(&mut self, start: &Start<'_>) -> std::io::Result<()> {
        self.buffer.resize(BUFFER, 0);
        let path = self.folder.join(format!("part-{}", start.index));
        if self.keep {
            self.make()?;
            self.open = Some(folder::private_file(&path, true)?);
        }
        self.parts.push(SpooledFile { field: start.field.to_owned(), path, length: 0 });
        Ok(())
    }

    fn space(&mut self) -> std::io::Result<&mut [u8]> {
        if self.buffer.len().saturating_sub(self.filled) < DECODED_BLOCK {
            self.flush()?;
        }
        Ok(self.buffer.get_mut(self.filled..).unwrap_or_default())
    }

    fn advance(&mut self, count: usize) -> std::io::Result<()> {
        self.filled += count;
        self.count(count);
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.flush()?;
        if let Some(file) = self.open.as_mut() {
            file.write_all(bytes)?;
        }
        self.count(bytes.len());
        Ok(())
    }

    fn end(&mut self) -> std::io::Result<()> {
        self.flush()?;
        self.open = None;
        Ok(())
    }

    fn fault(&mut self, fault: ScanFault<std::io::Error>) -> Result<(), ScanFault<std::io::Error>> {
        let (field, what) = match fault {
            ScanFault::NotBase64(field) => (field, bilingual::NO_BASE64),
            ScanFault::NotText(field) => (field, bilingual::NO_BASE64_STRING),
            ScanFault::Twice(field) => (field, bilingual::GIVEN_TWICE),
            other => return Err(other),
        };
        self.faults.push((field, what));
        Ok(())
    }
}
