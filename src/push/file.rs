//! A document on its way into a file: it has a temporary name beside the target until its hash held and
//! its bytes are on the disk. Whatever else happens, nothing of it is left.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::protocol::catalogue::Reason;
use crate::protocol::hash::Algorithm;
use crate::protocol::scan::DECODED_BLOCK;
use crate::protocol::{Error, Result};

use super::digest::Hasher;

/// Bytes gathered for one write.
const GATHER: usize = 64 * 1024;

/// A file that is being written.
pub(super) struct Target {
    path: PathBuf,
    temporary: NamedTempFile,
    gather: Box<[u8]>,
    filled: usize,
    written: u64,
}

impl Target {
    /// Begins the file beside its target, so that a folder that cannot be written is found at once. It
    /// gets the permissions that the process gives to all new files.
    pub(super) fn create(path: &Path) -> Result<Target> {
        let name = path.file_name().ok_or_else(|| {
            unwritable(path, &io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))
        })?;
        let mut prefix = std::ffi::OsString::from(".");
        prefix.push(name);
        let mut builder = Builder::new();
        builder.prefix(&prefix).suffix(".part");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = builder.tempfile_in(folder(path)).map_err(|error| unwritable(path, &error))?;
        let gather = vec![0; GATHER].into_boxed_slice();
        Ok(Target { path: path.to_owned(), temporary, gather, filled: 0, written: 0 })
    }

    /// Room for a block.
    pub(super) fn space(&mut self) -> Result<&mut [u8]> {
        if self.gather.len() - self.filled < DECODED_BLOCK {
            self.flush()?;
        }
        Ok(self.gather.get_mut(self.filled..).unwrap_or_default())
    }

    /// So many bytes of the room are the next; they are returned.
    pub(super) fn advance(&mut self, count: usize) -> &[u8] {
        let from = self.filled;
        self.filled = self.gather.len().min(from + count);
        self.gather.get(from..self.filled).unwrap_or_default()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn length(&self) -> u64 {
        self.written + self.filled as u64
    }

    /// Reads the bytes again, for a hash that was not computed on the way.
    pub(super) fn digest(&mut self, algorithm: Algorithm) -> Result<Vec<u8>> {
        self.flush()?;
        let file = self.temporary.as_file_mut();
        let read = file.seek(SeekFrom::Start(0)).and_then(|_| digest(file, algorithm));
        read.map_err(|error| unwritable(&self.path, &error))
    }

    /// The hash held: brings the bytes onto the disk, then gives the file its name, and brings that onto
    /// the disk too. Returns true when the same document stood there already and was left.
    pub(super) fn keep(mut self, overwrite: bool, sha256: &[u8]) -> Result<bool> {
        self.flush()?;
        let Target { path, temporary, written, .. } = self;
        let fail = |error: &io::Error| unwritable(&path, error);
        temporary.as_file().sync_all().map_err(|error| fail(&error))?;
        let named = if overwrite { temporary.persist(&path) } else { temporary.persist_noclobber(&path) };
        let stood_there = match named {
            Ok(_) => false,
            Err(error) if !overwrite && error.error.kind() == io::ErrorKind::AlreadyExists => {
                holds(&path, written, sha256).map_err(|error| fail(&error))?;
                true
            }
            Err(error) => return Err(fail(&error.error)),
        };
        sync_folder(&path).map_err(|error| fail(&error))?;
        Ok(stood_there)
    }

    fn flush(&mut self) -> Result<()> {
        let bytes = self.gather.get(..self.filled).unwrap_or_default();
        self.temporary.write_all(bytes).map_err(|error| unwritable(&self.path, &error))?;
        self.written += self.filled as u64;
        self.filled = 0;
        Ok(())
    }
}

/// Checks that a file holds this document.
fn holds(path: &Path, length: u64, sha256: &[u8]) -> io::Result<()> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() == length && digest(&mut file, Algorithm::Sha256)? == sha256 {
        // Whoever wrote it may not have waited for the disk.
        return file.sync_all();
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "a file with another content stands there"))
}

fn digest(file: &mut File, algorithm: Algorithm) -> io::Result<Vec<u8>> {
    let mut hasher = Hasher::new(algorithm);
    let mut buffer = vec![0; GATHER];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(count) => hasher.update(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new name is safe only when its folder is on the disk. Windows has no such call and needs none.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder(path))?.sync_all() } else { Ok(()) }
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(Reason::FileUnwritable).field("path").because(format!("{}: {error}", path.display()))
}
