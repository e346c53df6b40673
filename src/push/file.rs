//! A document on its way into a file: it has no name, or a temporary one beside the target, until its hash held and
//! its bytes are on the disk. Whatever else happens, nothing of it is left.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::protocol::bilingual::Bilingual;
use crate::protocol::catalogue::Reason;
use crate::protocol::hash::Algorithm;
use crate::protocol::scan::DECODED_BLOCK;
use crate::protocol::{Error, Result};

use super::digest::Hasher;
use super::file_name;
use super::folder::{self, Folder};
use super::temporary::Temporary;

/// Bytes gathered for one write.
const GATHER: usize = 64 * 1024;

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
        let name = path.file_name().ok_or_else(|| no_file(path, NAMES_NO_FILE))?;
        file_name::must_be_usable(path)?;
        let fail = |error: io::Error| unwritable(path, &error);
        let absolute = std::path::absolute(path).map_err(fail)?;
        // Otherwise it would be found at the end of each push.
        if absolute.is_dir() {
            return Err(no_file(path, IS_A_FOLDER));
        }
        let beside = absolute.parent().unwrap_or(Path::new("/"));
        let folder = Folder::open(beside).map_err(fail)?;
        let temporary = Temporary::create(beside, &name.to_string_lossy()).map_err(fail)?;
        let gather = vec![0; GATHER].into_boxed_slice();
        Ok(Target { path: path.to_owned(), absolute, folder, temporary, gather, filled: 0, written: 0 })
    }

    /// Lets only this user read it. On Windows the folder's rights decide.
    pub(super) fn make_private(&mut self) -> Result<()> {
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            let set = self.temporary.file().and_then(|file| file.set_permissions(mode));
            set.map_err(|error| unwritable(&self.path, &error))?;
        }
        Ok(())
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

    /// Tells whether this path names the target too. A folder has many spellings: links, mounts, letter case.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().to_lowercase());
        name(path) == name(&self.absolute) && folder::is_of(&self.absolute, path)
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
        let mut read = || {
            let file = self.temporary.file()?;
            file.seek(SeekFrom::Start(0))?;
            digest(file, algorithm)
        };
        read().map_err(|error| unwritable(&self.path, &error))
    }

    /// Reads the bytes again, to verify them.
    pub(super) fn copy(&mut self) -> Result<Vec<u8>> {
        self.flush()?;
        let mut read = || {
            let file = self.temporary.file()?;
            file.seek(SeekFrom::Start(0))?;
            let mut bytes = Vec::new();
            bytes.try_reserve_exact(usize::try_from(self.written).unwrap_or(usize::MAX))?;
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|error: io::Error| unwritable(&self.path, &error))
    }

    /// Keeps the file, whose hash held: brings the bytes onto the disk, then gives the file its name, and brings that onto
    /// the disk too. Returns true when the same document stood there already and was left.
    pub(super) fn keep(mut self, overwrite: bool, sha256: &[u8]) -> Result<bool> {
        self.flush()?;
        let Target { path, absolute, folder, temporary, written, .. } = self;
        let fail = |error: &io::Error| unwritable(&path, error);
        let stood_there = match temporary.keep(&absolute, overwrite) {
            Ok(()) => false,
            Err(error) if !overwrite && error.kind() == io::ErrorKind::AlreadyExists => {
                if !holds(&absolute, written, sha256).map_err(|error| fail(&error))? {
                    return Err(Error::new(Reason::FileExists).field("path").because(path.display()));
                }
                true
            }
            Err(error) => return Err(fail(&error)),
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

/// Tells whether a file holds this document. Whatever else stands there is not opened: a pipe would block.
fn holds(path: &Path, length: u64, sha256: &[u8]) -> io::Result<bool> {
    // A link that leads nowhere stands there too.
    if !std::fs::metadata(path).is_ok_and(|facts| facts.is_file()) {
        return Ok(false);
    }
    // Windows brings only what was opened for writing onto the disk.
    let mut file = File::options().read(true).write(cfg!(windows)).open(path)?;
    if file.metadata()?.len() == length && digest(&mut file, Algorithm::Sha256)? == sha256 {
        // Whoever wrote it may not have waited for the disk.
        return file.sync_all().map(|()| true);
    }
    Ok(false)
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

const NAMES_NO_FILE: Bilingual = Bilingual::fixed("it names no file", "其中没有文件名");
const IS_A_FOLDER: Bilingual = Bilingual::fixed("it is a folder", "它是一个文件夹");

/// What is wrong with a path itself, at which no file can ever be.
fn no_file(path: &Path, why: Bilingual) -> Error {
    let advice = Bilingual::fixed("name a file inside a folder", "请指定文件夹中的文件");
    let detail = why.after(path.display(), path.display());
    Error::new(Reason::FileUnwritable).detailed(detail).field("path").advise(advice, false)
}

pub(super) fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::of_system(Reason::FileUnwritable, path.display(), error).field("path")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-30: what can be no file is told before a push is taken, and not as something that may pass.
    #[test]
    fn refuses_what_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path(), Path::new(".."), Path::new("/")] {
            let Err(error) = Target::create(path) else { panic!("{}", path.display()) };
            assert_eq!((error.reason(), error.field_path()), (Reason::FileUnwritable, Some("path")));
            assert!(!error.entry().retry, "{error}");
        }
    }

    /// Covers P-30: a relative target stays where it was when the process changes its folder meanwhile.
    #[test]
    fn a_relative_target_is_fixed_at_the_start() {
        let target = Target::create(Path::new("relative.pdf")).unwrap();
        assert_eq!(target.absolute, std::env::current_dir().unwrap().join("relative.pdf"));
        assert_eq!(target.path(), Path::new("relative.pdf"));
    }
}
