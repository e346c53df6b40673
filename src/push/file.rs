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
use super::folder::Folder;

/// Bytes gathered for one write.
const GATHER: usize = 64 * 1024;

/// How much of the target's name the temporary one repeats, in bytes: a name has room for 255.
const REPEATED: usize = 200;

/// A file that is being written.
pub(super) struct Target {
    /// As the caller named it, for messages and results.
    path: PathBuf,
    /// The same from the root: a process may change its folder before the end.
    absolute: PathBuf,
    /// The folder, to bring the name onto the disk.
    folder: Folder,
    temporary: Temporary,
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
        let prefix = format!(".{}", beginning(&name.to_string_lossy()));
        let mut builder = Builder::new();
        builder.prefix(&prefix).suffix(".part");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let fail = |error: io::Error| unwritable(path, &error);
        let absolute = std::path::absolute(path).map_err(fail)?;
        let beside = absolute.parent().unwrap_or(Path::new("/"));
        let folder = Folder::open(beside).map_err(fail)?;
        let file = Some(builder.tempfile_in(beside).map_err(fail)?);
        let temporary = Temporary { file, owner: std::process::id() };
        let gather = vec![0; GATHER].into_boxed_slice();
        Ok(Target { path: path.to_owned(), absolute, folder, temporary, gather, filled: 0, written: 0 })
    }

    /// Gives room for a block.
    pub(super) fn space(&mut self) -> Result<&mut [u8]> {
        if self.gather.len() - self.filled < DECODED_BLOCK {
            self.flush()?;
        }
        Ok(self.gather.get_mut(self.filled..).unwrap_or_default())
    }

    /// Takes so many bytes of the room as the next, and returns them.
    pub(super) fn advance(&mut self, count: usize) -> &[u8] {
        let from = self.filled;
        self.filled = self.gather.len().min(from + count);
        self.gather.get(from..self.filled).unwrap_or_default()
    }

    /// Takes all that a reader gives; its failures become errors by `unreadable`.
    pub(super) fn copy_from(
        &mut self,
        source: &mut impl Read,
        unreadable: impl Fn(io::Error) -> Error,
    ) -> Result<()> {
        loop {
            match source.read(self.space()?) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    self.advance(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(unreadable(error)),
            }
        }
    }

    /// Tells whether this path names the target too. A folder has many spellings: links, mounts, letter case. In the
    /// target's own folder the temporary file is seen by each of them.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().to_lowercase());
        let temporary = self.temporary.file.as_ref().and_then(|file| file.path().file_name());
        name(path) == name(&self.absolute) && temporary.is_some_and(|name| path.with_file_name(name).exists())
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
        let read = self.temporary.file().map(NamedTempFile::as_file_mut).and_then(|file| {
            file.seek(SeekFrom::Start(0))?;
            digest(file, algorithm)
        });
        read.map_err(|error| unwritable(&self.path, &error))
    }

    /// Keeps the file, whose hash held: brings the bytes onto the disk, then gives the file its name, and brings that onto
    /// the disk too. Returns true when the same document stood there already and was left.
    pub(super) fn keep(mut self, overwrite: bool, sha256: &[u8]) -> Result<bool> {
        self.flush()?;
        let Target { path, absolute, folder, temporary, written, .. } = self;
        let fail = |error: &io::Error| unwritable(&path, error);
        let temporary = temporary.take().map_err(|error| fail(&error))?;
        temporary.as_file().sync_all().map_err(|error| fail(&error))?;
        let named =
            if overwrite { temporary.persist(&absolute) } else { temporary.persist_noclobber(&absolute) };
        let stood_there = match named {
            Ok(_) => false,
            Err(error) if !overwrite && error.error.kind() == io::ErrorKind::AlreadyExists => {
                holds(&absolute, written, sha256).map_err(|error| fail(&error))?;
                true
            }
            Err(error) => return Err(fail(&error.error)),
        };
        folder.sync().map_err(|error| fail(&error))?;
        Ok(stood_there)
    }

    fn flush(&mut self) -> Result<()> {
        let bytes = self.gather.get(..self.filled).unwrap_or_default();
        let wrote = self.temporary.file().and_then(|file| file.write_all(bytes));
        wrote.map_err(|error| unwritable(&self.path, &error))?;
        self.written += self.filled as u64;
        self.filled = 0;
        Ok(())
    }
}

/// The temporary file. It goes when it is dropped, but only in the process that made it: a forked child that
/// winds its objects up would otherwise delete what its parent is still writing.
struct Temporary {
    /// `None` once it was taken.
    file: Option<NamedTempFile>,
    owner: u32,
}

impl Temporary {
    fn file(&mut self) -> io::Result<&mut NamedTempFile> {
        self.file.as_mut().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn take(mut self) -> io::Result<NamedTempFile> {
        self.file.take().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(file) = &mut self.file {
            file.disable_cleanup(std::process::id() != self.owner);
        }
    }
}

/// Checks that a file holds this document. Whatever else stands there is not opened: a pipe would block.
fn holds(path: &Path, length: u64, sha256: &[u8]) -> io::Result<()> {
    let other = || io::Error::new(io::ErrorKind::AlreadyExists, "a file with another content stands there");
    if !std::fs::metadata(path)?.is_file() {
        return Err(other());
    }
    // Windows brings only what was opened for writing onto the disk.
    let mut file = File::options().read(true).write(cfg!(windows)).open(path)?;
    if file.metadata()?.len() == length && digest(&mut file, Algorithm::Sha256)? == sha256 {
        // Whoever wrote it may not have waited for the disk.
        return file.sync_all();
    }
    Err(other())
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

/// Returns the beginning of a name, whole characters only.
fn beginning(name: &str) -> &str {
    let ends = name.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take_while(|end| *end <= REPEATED).last().unwrap_or_default();
    name.get(..end).unwrap_or_default()
}

pub(super) fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::of_system(Reason::FileUnwritable, path.display(), error).field("path")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-30: a relative target stays where it was when the process changes its folder meanwhile.
    #[test]
    fn a_relative_target_is_fixed_at_the_start() {
        let target = Target::create(Path::new("relative.pdf")).unwrap();
        assert_eq!(target.absolute, std::env::current_dir().unwrap().join("relative.pdf"));
        assert_eq!(target.temporary.file.as_ref().unwrap().path().parent(), target.absolute.parent());
        assert_eq!(target.path(), Path::new("relative.pdf"));
    }

    #[test]
    fn repeats_whole_characters_of_a_name() {
        assert_eq!(beginning("a.pdf"), "a.pdf");
        assert_eq!(beginning(&"合".repeat(80)), "合".repeat(66));
        assert_eq!(beginning(""), "");
    }
}
