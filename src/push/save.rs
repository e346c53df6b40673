//! Storing a document under the name where it stays: when a function here has succeeded, the whole document is on
//! the disk under that name; when it has failed, what stood there stands there still.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::protocol::catalogue::Reason;
use crate::protocol::{Error, Result};

use super::file::{Target, unwritable};
use super::folder::Folder;

/// Writes a document into a file. A file that is there already is replaced; so is a symbolic link, which is not
/// followed.
///
/// # Errors
/// `file_unwritable`; on Windows `bad_file_name`.
pub fn write_document(mut document: &[u8], path: &Path) -> Result<()> {
    let mut target = Target::create(path)?;
    target.copy_from(&mut document, |error| unwritable(path, &error))?;
    target.keep(true, &[]).map(drop)
}

/// The same for what only this user may read.
pub(super) fn write_private(mut bytes: &[u8], path: &Path) -> Result<()> {
    let mut target = Target::create(path)?;
    target.make_private()?;
    target.copy_from(&mut bytes, |error| unwritable(path, &error))?;
    target.keep(true, &[]).map(drop)
}

/// Moves a document's file: by a rename where that can be done, else, as to another disk, by a copy that gets its
/// name when it is whole. What is there already is replaced as by [`write_document`].
///
/// On Windows it is always a copy: a file that is renamed keeps the rights of the folder that it comes from, so that
/// whoever may read the temporary folder could read the contract, and the site perhaps not.
///
/// # Errors
/// `file_unreadable`, `file_unwritable`; on Windows `bad_file_name`. The file is then where it was.
pub fn move_document(from: &Path, path: &Path) -> Result<()> {
    let mut source = open(from).map_err(|error| unreadable(from, &error))?;
    let fail = |error: &io::Error| unwritable(path, error);
    let absolute = std::path::absolute(path).map_err(|error| fail(&error))?;
    let folder = Folder::open(absolute.parent().unwrap_or(Path::new("/"))).map_err(|error| fail(&error))?;
    if cfg!(not(windows)) && fs::rename(from, &absolute).is_ok() {
        return folder.sync().map_err(|error| fail(&error));
    }
    let mut target = Target::create(path)?;
    let onto_itself = target.is_at(from);
    target.copy_from(&mut source, |error| unreadable(from, &error))?;
    // On Windows a file that is open keeps its name until it is closed; it may be the one that is replaced.
    drop(source);
    target.keep(true, &[])?;
    if !onto_itself {
        // One that cannot be removed is a second copy, which does no harm.
        let _ = fs::remove_file(from);
    }
    Ok(())
}

/// Opens a file, and nothing else: a pipe would block, and a folder could be renamed.
fn open(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    File::open(path)
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::of_system(Reason::FileUnreadable, path.display(), error).field("from")
}

#[cfg(test)]
#[path = "../../tests/support/skip.rs"]
mod skip;

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const DOCUMENT: &[u8] = b"%PDF-1.7 signed";

    /// A folder on another file system than the temporary one, where this machine has one.
    fn other_disk() -> Option<tempfile::TempDir> {
        let folder = tempfile::tempdir_in("/dev/shm").ok()?;
        let (here, there) = (tempfile::NamedTempFile::new().unwrap(), folder.path().join("probe"));
        let apart = fs::rename(here.path(), &there).is_err();
        let _ = fs::remove_file(there);
        apart.then_some(folder)
    }

    fn names(folder: &Path) -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    /// Covers P-30: whole and alone under its name, whether a file, a link or nothing was there.
    #[test]
    fn stores_a_document_in_place_of_what_is_there() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (path, linked) = (folder.path().join("签署 a.pdf"), elsewhere.path().join("linked"));
        fs::write(&linked, "precious").unwrap();
        let before: [&dyn Fn(); 3] = [&|| {}, &|| fs::write(&path, "older").unwrap(), &|| {
            #[cfg(unix)]
            std::os::unix::fs::symlink(&linked, &path).unwrap();
        }];
        for prepare in before {
            prepare();
            write_document(DOCUMENT, &path).unwrap();
            assert_eq!(
                (fs::read(&path).unwrap(), names(folder.path())),
                (DOCUMENT.to_vec(), vec![path.clone()])
            );
            fs::remove_file(&path).unwrap();
            prepare();
            let from = elsewhere.path().join("received");
            fs::write(&from, DOCUMENT).unwrap();
            move_document(&from, &path).unwrap();
            assert_eq!((fs::read(&path).unwrap(), from.exists()), (DOCUMENT.to_vec(), false));
            fs::remove_file(&path).unwrap();
        }
        assert_eq!(fs::read(&linked).unwrap(), b"precious", "a link is not followed");
    }

    /// Covers P-30: a copy to another disk is never seen in part, and the original goes.
    #[test]
    fn moves_a_document_to_another_disk() {
        let Some(disk) = other_disk() else {
            return skip::skip("there is no second file system at /dev/shm");
        };
        let folder = tempfile::tempdir().unwrap();
        let (from, path) = (folder.path().join("a.pdf"), disk.path().join("b.pdf"));
        for _ in 0..2 {
            fs::write(&from, vec![7; 300_000]).unwrap();
            move_document(&from, &path).unwrap();
            assert!(fs::read(&path).unwrap() == vec![7; 300_000]);
            assert_eq!((names(folder.path()), names(disk.path())), (vec![], vec![path.clone()]));
        }
    }

    #[cfg(unix)]
    #[test]
    fn leaves_a_document_that_is_moved_onto_itself() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        fs::write(real.join("a.pdf"), DOCUMENT).unwrap();
        move_document(&link.join("a.pdf"), &real.join("a.pdf")).unwrap();
        assert_eq!(fs::read(real.join("a.pdf")).unwrap(), DOCUMENT);
        // As where one disk is mounted twice, so that a rename is refused.
        let target = Target::create(&real.join("a.pdf")).unwrap();
        assert!(target.is_at(&link.join("a.pdf")) && !target.is_at(&link.join("b.pdf")));
        assert!(!target.is_at(&folder.path().join("a.pdf")));
    }

    #[test]
    fn leaves_a_document_that_cannot_be_moved() {
        let folder = tempfile::tempdir().unwrap();
        let (from, target) = (folder.path().join("a.pdf"), folder.path().join("folder"));
        fs::create_dir(&target).unwrap();
        fs::write(&from, DOCUMENT).unwrap();
        let reason = |from: &Path, path: &Path| move_document(from, path).unwrap_err().reason();
        assert_eq!(reason(&from, &target), Reason::FileUnwritable);
        assert_eq!(reason(&from, &folder.path().join("none/a.pdf")), Reason::FileUnwritable);
        assert_eq!(reason(&folder.path().join("none"), &folder.path().join("b.pdf")), Reason::FileUnreadable);
        assert_eq!(
            reason(&target, &folder.path().join("b")),
            Reason::FileUnreadable,
            "a folder is no document"
        );
        assert_eq!(fs::read(&from).unwrap(), DOCUMENT);
        assert_eq!(names(folder.path()).len(), 2);
    }
}
