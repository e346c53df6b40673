//! A file that is being written, before it has its name. Where the system has it (O_TMPFILE), it has none at all, so that
//! a process that is killed leaves nothing; elsewhere one beside the target, `.name….part`.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::Duration;

use tempfile::{Builder, NamedTempFile, TempPath};

/// How much of the target's name the temporary one repeats, in bytes: a name has room for 255.
const REPEATED: usize = 200;

/// One that lies there so long has no process that writes it any more.
const ABANDONED: Duration = Duration::from_secs(3600);

/// A file without its name. It goes when it is dropped, but only in the process that made it: a forked child that
/// winds its objects up would otherwise delete what its parent is still writing.
pub(super) struct Temporary {
    /// `None` once it was taken.
    file: Option<Kind>,
    /// `.name`, which a temporary name begins with.
    prefix: String,
    owner: u32,
}

enum Kind {
    #[cfg_attr(not(target_os = "linux"), allow(dead_code))]
    Unnamed(File),
    Named(NamedTempFile),
}

impl Temporary {
    /// Makes a file in a folder, for a target of this name, with the permissions that the process gives to all new files.
    pub(super) fn create(folder: &Path, name: &str) -> io::Result<Temporary> {
        let prefix = format!(".{}", beginning(name));
        let file = match unnamed(folder) {
            Some(file) => Kind::Unnamed(file),
            None => {
                sweep(folder, &prefix);
                Kind::Named(builder(&prefix).tempfile_in(folder)?)
            }
        };
        Ok(Temporary { file: Some(file), prefix, owner: std::process::id() })
    }

    /// Returns the open file.
    pub(super) fn file(&mut self) -> io::Result<&mut File> {
        match &mut self.file {
            Some(Kind::Unnamed(file)) => Ok(file),
            Some(Kind::Named(file)) => Ok(file.as_file_mut()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Brings its bytes onto the disk and gives it its name. Without `overwrite` it fails with `AlreadyExists` when
    /// something stands there.
    pub(super) fn keep(mut self, target: &Path, overwrite: bool) -> io::Result<()> {
        self.file()?.sync_all()?;
        let folder = target.parent().unwrap_or(Path::new("/"));
        match self.file.take() {
            None => Err(io::ErrorKind::NotFound.into()),
            Some(Kind::Named(file)) if overwrite => persist(file, target),
            Some(Kind::Named(file)) => name_on_disk(&file.persist_noclobber(target)?),
            Some(Kind::Unnamed(file)) => match link(&file, target) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && overwrite => {
                    sweep(folder, &self.prefix);
                    replace(&self.prefix, folder, target, |beside| link(&file, beside))
                }
                done => done,
            },
        }
    }
}

/// Puts the file in the target's place. On Windows nothing can take the place of a file that a reader, or a virus scanner,
/// has open; most of them are gone in a moment.
fn persist(mut file: NamedTempFile, target: &Path) -> io::Result<()> {
    for pause in [10, 50, 100, 200, 400] {
        match file.persist(target) {
            Ok(kept) => return name_on_disk(&kept),
            Err(failed) if cfg!(windows) && failed.error.kind() == io::ErrorKind::PermissionDenied => {
                std::thread::sleep(Duration::from_millis(pause));
                file = failed.file;
            }
            Err(failed) => return Err(failed.error),
        }
    }
    name_on_disk(&file.persist(target)?)
}

/// Brings a file's new name onto the disk where that goes with the file, on Windows; elsewhere it goes with the folder.
fn name_on_disk(file: &File) -> io::Result<()> {
    if cfg!(windows) { file.sync_all() } else { Ok(()) }
}

/// Gives the file a temporary name, and then that of the target, whose own file goes by that.
fn replace(
    prefix: &str,
    folder: &Path,
    target: &Path,
    link: impl FnMut(&Path) -> io::Result<()>,
) -> io::Result<()> {
    let linked = builder(prefix).make_in(folder, link)?;
    let beside: TempPath = linked.into_temp_path();
    fs::rename(&beside, target)?;
    // The name is no longer there to be removed.
    let _ = beside.keep();
    Ok(())
}

fn builder(prefix: &str) -> Builder<'_, 'static> {
    let mut builder = Builder::new();
    builder.prefix(prefix).suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Removes what killed processes left of the same target.
fn sweep(folder: &Path, prefix: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(prefix) && name.ends_with(".part"));
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_ours && age().is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes a file without a name; `None` where the system, or this folder's file system, has none such.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path) -> Option<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    options.read(true).write(true).mode(0o666).custom_flags(libc::O_TMPFILE);
    let file = options.open(folder).ok()?;
    // It can be given a name only by way of /proc.
    fs::symlink_metadata(way_to(&file)).ok().map(|_| file)
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_folder: &Path) -> Option<File> {
    None
}

#[cfg(target_os = "linux")]
fn way_to(file: &File) -> String {
    use std::os::fd::AsRawFd;
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

#[cfg(target_os = "linux")]
fn link(file: &File, target: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    Ok(linkat(CWD, way_to(file), CWD, target, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link(_file: &File, _target: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(Kind::Named(file)) = &mut self.file {
            file.disable_cleanup(std::process::id() != self.owner);
        }
    }
}

/// Returns the beginning of a name, whole characters only.
fn beginning(name: &str) -> &str {
    let ends = name.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take_while(|end| *end <= REPEATED).last().unwrap_or_default();
    name.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn repeats_whole_characters_of_a_name() {
        assert_eq!(beginning("a.pdf"), "a.pdf");
        assert_eq!(beginning(&"合".repeat(80)), "合".repeat(66));
        assert_eq!(beginning(""), "");
    }

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Covers P-30: until a document is whole there is nothing to be seen of it, and then it alone.
    #[test]
    fn has_its_name_only_in_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.pdf");
        for (round, overwrite) in [(1, true), (2, true), (3, false)] {
            let mut file = Temporary::create(folder.path(), "a.pdf").unwrap();
            file.file().unwrap().write_all(format!("{round}").as_bytes()).unwrap();
            if unnamed(folder.path()).is_some() {
                assert_eq!(names(folder.path()).len(), usize::from(round > 1), "{:?}", names(folder.path()));
            }
            let kept = file.keep(&target, overwrite);
            assert_eq!(kept.is_ok(), overwrite);
            assert_eq!(
                (names(folder.path()).len(), fs::read(&target).unwrap()),
                (1, vec![b'0' + round.min(2)])
            );
        }
        let link = folder.path().join("b.pdf");
        #[cfg(unix)]
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        let file = Temporary::create(folder.path(), "b.pdf").unwrap();
        file.keep(&link, true).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_file(), "a link is replaced, not followed");
    }

    /// What a killed process left under a temporary name goes when the same document comes again, and nothing else does.
    #[test]
    fn sweeps_what_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let old = std::time::SystemTime::now() - 2 * ABANDONED;
        for (name, aged) in [
            (".a.pdfAbCdEf.part", true),
            (".a.pdfGhIjKl.part", false),
            (".b.pdfAbCdEf.part", true),
            (".a.pdf", true),
        ] {
            let file = File::create(folder.path().join(name)).unwrap();
            if aged {
                file.set_modified(old).unwrap();
            }
        }
        sweep(folder.path(), ".a.pdf");
        let mut left = names(folder.path());
        left.sort();
        assert_eq!(left, [".a.pdf", ".a.pdfGhIjKl.part", ".b.pdfAbCdEf.part"]);
    }
}
