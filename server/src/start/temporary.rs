//! A data folder for one run: made anew, and deleted when the run ends.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use tempfile::TempDir;
use tracing::warn;

use crate::rights;

/// How the names of these folders begin.
const PREFIX: &str = "wosigndoc-sandbox-";
/// The age from which on a folder that nobody serves is a leftover: a younger one may be on its way to be served.
const LEFTOVER_AGE: Duration = Duration::from_secs(60);

/// A data folder that is deleted with this value.
pub struct Temporary(TempDir);

impl Temporary {
    /// Makes one in the system's folder for temporary files, where it also deletes what runs that were killed left behind.
    pub fn create() -> Result<Temporary> {
        let parent = std::env::temp_dir();
        delete_leftovers(&parent);
        let made = tempfile::Builder::new().prefix(PREFIX).tempdir_in(&parent);
        made.map(Temporary).with_context(|| {
            format!("cannot make a temporary folder in {} (TMPDIR names another)", parent.display())
        })
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

fn delete_leftovers(parent: &Path) {
    for path in leftovers(parent) {
        if let Err(cause) = std::fs::remove_dir_all(&path) {
            warn!(folder = %path.display(), %cause, "what an earlier run left behind cannot be deleted");
        }
    }
}

/// Returns the folders of runs that were killed: nobody holds their lock any longer. Those of other users cannot be opened.
fn leftovers(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    let is_old = |path: &Path| {
        let changed = path.symlink_metadata().ok().filter(|found| found.is_dir())?.modified().ok()?;
        SystemTime::now().duration_since(changed).ok().filter(|age| *age > LEFTOVER_AGE)
    };
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX)))
        .filter(|path| is_old(path).is_some())
        .filter(|path| rights::is_own(path) && nobody_serves(path))
        .collect()
}

/// Whether nobody holds the lock of a folder. One that has no lock, or something else of that name, is none of ours.
fn nobody_serves(path: &Path) -> bool {
    let lock = path.join("lock");
    let is_file = lock.symlink_metadata().is_ok_and(|found| found.is_file());
    is_file && File::open(&lock).is_ok_and(|lock| lock.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Folder;

    fn make_old(folder: &Path, seconds: u64) {
        #[cfg(unix)]
        let opened = File::open(folder);
        #[cfg(windows)]
        let opened = {
            use std::os::windows::fs::OpenOptionsExt;
            // FILE_WRITE_ATTRIBUTES, FILE_FLAG_BACKUP_SEMANTICS: so a folder is opened there.
            File::options().access_mode(0x100).custom_flags(0x0200_0000).open(folder)
        };
        opened.unwrap().set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
    }

    #[test]
    fn only_what_nobody_serves_is_left_over() {
        let parent = tempfile::tempdir().unwrap();
        let make = |name: &str, age| {
            let path = parent.path().join(name);
            rights::private_folder(&path).unwrap();
            std::fs::write(path.join("lock"), "").unwrap();
            make_old(&path, age);
            path
        };
        let (left, served) = (make("wosigndoc-sandbox-left", 90), make("wosigndoc-sandbox-served", 90));
        let (young, other) = (make("wosigndoc-sandbox-young", 0), make("other", 90));
        // What others may have made to lead somewhere else: a lock that is a link, a folder without one, one that all may enter.
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt, symlink};
            let (linked, bare, open) = (
                make("wosigndoc-sandbox-linked", 90),
                make("wosigndoc-sandbox-bare", 90),
                make("wosigndoc-sandbox-open", 90),
            );
            std::fs::remove_file(linked.join("lock")).unwrap();
            symlink(parent.path().join("missing"), linked.join("lock")).unwrap();
            std::fs::remove_file(bare.join("lock")).unwrap();
            std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o755)).unwrap();
            for path in [&linked, &bare] {
                make_old(path, 90);
            }
        }
        let lock = Folder::open(&served).unwrap().lock().unwrap();
        assert_eq!(leftovers(parent.path()), std::slice::from_ref(&left));
        delete_leftovers(parent.path());
        assert!(!left.exists() && served.exists() && young.exists() && other.exists());
        drop(lock);
    }
}
