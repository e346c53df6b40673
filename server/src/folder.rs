//! The data folder: where things lie, that one process has it, and writes that survive a power cut.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::rights;

/// The signed document among an order's files.
pub const SIGNED: &str = "signed.pdf";

/// A data folder that exists. Only its owner may read it: keys and contracts lie in it.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

/// The lock that a process holds while it serves the folder.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Folder {
    /// Makes the folder if it is missing, with what lies in it.
    pub fn create(root: &Path) -> Result<Folder> {
        rights::private_folder(root)
            .with_context(|| format!("cannot make the data folder {}", root.display()))?;
        Folder::open(root)
    }

    /// Opens an existing folder.
    pub fn open(root: &Path) -> Result<Folder> {
        let root = real(root).with_context(|| {
            format!("there is no data folder {} (`wosigndoc-server dev` makes one)", root.display())
        })?;
        Ok(Folder { root })
    }

    /// Takes the folder for this process; a second one is told so.
    pub fn lock(&self) -> Result<Lock> {
        let path = self.path("lock");
        let file = private_file(&path, false).with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                bail!("another process is serving the data folder {}", self.root.display())
            }
            Err(TryLockError::Error(error)) => Err(error).context("cannot lock the data folder"),
        }
    }

    /// Returns the path of a file or folder in it.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.join(name)
    }

    /// Returns the folder that request bodies are written to while they come in.
    pub fn incoming(&self) -> PathBuf {
        self.path("documents/incoming")
    }

    /// Returns the folder of what was pushed to the control API's inbox.
    pub fn inbox(&self) -> PathBuf {
        self.path("documents/inbox")
    }

    /// Returns the folder that holds the files of accepted orders.
    pub fn orders(&self) -> PathBuf {
        self.path("documents/orders")
    }

    /// Returns the folder of one order.
    pub fn order(&self, signid: &str) -> PathBuf {
        self.orders().join(signid)
    }

    /// Returns the path of a template's document.
    pub fn template(&self, tempid: &str) -> PathBuf {
        self.path("documents/templates").join(format!("{tempid}.pdf"))
    }

    /// Makes the folders of documents, and empties those of unfinished requests and of the inbox.
    pub fn prepare(&self) -> Result<()> {
        let (incoming, inbox) = (self.incoming(), self.inbox());
        for folder in [&incoming, &inbox].into_iter().filter(|folder| folder.exists()) {
            std::fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        for folder in [incoming, inbox, self.orders(), self.path("documents/templates")] {
            rights::private_folder(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        Ok(())
    }
}

/// Returns the path of what exists from the root, links followed. Windows would begin such a path with `\\?\`, which few
/// of the programs take that read it in client.json: there it is from the root only.
pub fn real(path: &Path) -> std::io::Result<PathBuf> {
    if cfg!(windows) {
        path.metadata()?;
        return std::path::absolute(path);
    }
    path.canonicalize()
}

/// Opens a file for writing that only its owner may read.
pub fn private_file(path: &Path, empty: bool) -> std::io::Result<File> {
    rights::private_file().write(true).create(true).truncate(empty).open(path)
}

/// Replaces a file in one step: whoever reads it finds the old or the new bytes, after a crash too.
pub fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let temporary = PathBuf::from(name);
    if let Err(error) = write_to(&temporary, bytes).and_then(|()| std::fs::rename(&temporary, path)) {
        // Left behind on a full disk, it would keep the disk full.
        let _ = std::fs::remove_file(&temporary);
        return Err(error);
    }
    sync_parent(path)
}

fn write_to(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = private_file(path, true)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Brings a file that was written before onto the disk. Windows does so only with what is open for writing.
pub fn sync_file(path: &Path) -> std::io::Result<()> {
    File::options().read(true).write(cfg!(windows)).open(path)?.sync_all()
}

/// Makes the names in a folder survive a power cut. Windows cannot be asked for that: NTFS writes names to its journal.
pub fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
}

/// Makes a name in its folder survive a power cut.
pub fn sync_parent(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), sync_folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What could not be written leaves nothing behind: on a full disk it would keep the disk full.
    #[test]
    fn a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        // No file takes the place of a folder.
        let path = folder.path().join("name");
        std::fs::create_dir(&path).unwrap();
        assert!(write(&path, b"bytes").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
