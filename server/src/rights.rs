//! Who may read the files that the platform writes: their owner alone, or everybody. On Windows a file has the rights of
//! the folder that it lies in, and these are left to whoever owns the machine.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};

/// Makes a folder, with its parents, that only its owner may enter.
pub fn private_folder(path: &Path) -> io::Result<()> {
    make(path, 0o700)
}

/// Makes a folder, with its parents, that everybody may enter.
pub fn shared_folder(path: &Path) -> io::Result<()> {
    make(path, 0o755)
}

#[cfg_attr(not(unix), allow(unused_variables, reason = "Windows has no mode"))]
fn make(path: &Path, mode: u32) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(mode);
    builder.create(path)
}

/// Returns how a file is opened that only its owner may read.
pub fn private_file() -> OpenOptions {
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    options.mode(0o600);
    options
}

/// Lets everybody read a file who may enter its folder.
#[cfg(unix)]
pub fn let_everybody_read(path: &Path) -> io::Result<()> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
}

/// Lets everybody read a file who may enter its folder.
#[cfg(not(unix))]
pub fn let_everybody_read(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Says whether a folder, and not a link to one, is this user's own and closed to all others.
#[cfg(unix)]
pub fn is_own(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    // A file that this process makes is its user's.
    let own = tempfile::tempfile().and_then(|file| file.metadata()).map(|found| found.uid());
    let found = path.symlink_metadata();
    found.is_ok_and(|it| it.is_dir() && it.mode() & 0o077 == 0 && own.is_ok_and(|own| own == it.uid()))
}

/// Says whether a folder is one: whose it is, Windows tells by other means, and temporary folders are each user's own there.
#[cfg(not(unix))]
pub fn is_own(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_dir())
}

/// Returns the first folder on the way that others than its owner and group cannot enter.
#[cfg(unix)]
pub fn closed(path: &Path) -> Option<&Path> {
    let closed = |path: &&Path| path.metadata().is_ok_and(|found| found.permissions().mode() & 0o001 == 0);
    path.ancestors().filter(closed).last()
}

/// Returns nothing: who may enter a folder of Windows is not told by a mode.
#[cfg(not(unix))]
pub fn closed(_path: &Path) -> Option<&Path> {
    None
}
