//! Folders whose names are on the disk: a file's new name is safe only when its folder is, too.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::Path;

/// An open folder. Windows cannot bring a folder onto the disk, and need not.
pub(super) struct Folder(Option<File>);

impl Folder {
    /// Opens a folder. To be called before its first change: one that may be written but not read would otherwise
    /// fail when that change is made already.
    pub(super) fn open(path: &Path) -> io::Result<Folder> {
        if cfg!(unix) { File::open(path).map(|folder| Folder(Some(folder))) } else { Ok(Folder(None)) }
    }

    /// Brings the names in it onto the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), File::sync_all)
    }
}

/// Makes a folder where there is none, and those above it, and brings their names onto the disk. Only this user
/// may enter them.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = match path.parent() {
        Some(above) if above.as_os_str().is_empty() => Path::new("."),
        Some(above) => above,
        None => return Err(io::ErrorKind::NotFound.into()),
    };
    make_private(above)?;
    #[cfg_attr(not(unix), allow(unused_mut, reason = "Windows has no mode"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    make(&builder, path, above)
}

/// Makes a folder whose folder is there, with the permissions that the process gives to all new ones.
pub(super) fn make_within(path: &Path, above: &Path) -> io::Result<()> {
    make(&DirBuilder::new(), path, above)
}

fn make(builder: &DirBuilder, path: &Path, above: &Path) -> io::Result<()> {
    let names = Folder::open(above)?;
    match builder.create(path) {
        Ok(()) => names.sync(),
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Tells whether two paths are in the same folder, however it is spelt.
pub(super) fn is_of(path: &Path, other: &Path) -> bool {
    let (Some(one), Some(two)) = (path.parent(), other.parent()) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let place = |folder: &Path| std::fs::metadata(folder).ok().map(|facts| (facts.dev(), facts.ino()));
        place(one).is_some() && place(one) == place(two)
    }
    #[cfg(not(unix))]
    {
        let real = |folder: &Path| std::fs::canonicalize(folder).ok();
        real(one).is_some() && real(one) == real(two)
    }
}
