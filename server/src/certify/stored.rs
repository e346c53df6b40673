//! What the site has stored, as far as somebody lets us look: a folder of its files, or a command that prints a document.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::shot::Print;

/// The longest time that one look may take: a command that never ends, or a folder that is far too large, is named.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where to look.
pub enum Stored {
    /// Nowhere: what the site says has to be believed.
    Unknown,
    /// In this folder, and those below it: each document is a file.
    Folder(PathBuf),
    /// At what this command of the system's shell prints.
    Command(String),
}

impl Stored {
    /// Makes one of what was named.
    pub fn new(folder: Option<&PathBuf>, command: Option<&String>) -> Result<Stored> {
        match (folder, command) {
            (Some(folder), _) if !folder.is_dir() => {
                bail!("--stored: there is no folder {}", folder.display())
            }
            (Some(folder), _) => Ok(Stored::Folder(folder.clone())),
            (None, Some(command)) => Ok(Stored::Command(command.clone())),
            (None, None) => Ok(Stored::Unknown),
        }
    }

    /// Returns how often a document is stored; `None`: nobody can tell.
    pub fn copies(&self, number: &str, signid: &str, print: Print) -> Result<Option<usize>> {
        match self {
            Stored::Unknown => Ok(None),
            Stored::Folder(folder) => {
                let found = copies_in(folder, print, Instant::now() + PATIENCE);
                Ok(Some(found.with_context(|| format!("--stored: cannot read {}", folder.display()))?))
            }
            Stored::Command(command) => {
                Ok(Some(usize::from(printed(command, number, signid, PATIENCE)? == Some(print))))
            }
        }
    }
}

/// Counts the files that hold exactly this, as far as that is done by then. Links to folders are not followed, which may lead back.
fn copies_in(folder: &Path, print: Print, end: Instant) -> io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        if Instant::now() > end {
            let words =
                "it takes longer than a minute to look through: name the folder of the documents alone";
            return Err(io::Error::new(io::ErrorKind::TimedOut, words));
        }
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            count += gone_is_none(copies_in(&entry.path(), print, end))?.unwrap_or_default();
        } else if leads_to(&entry)?.is_some_and(|found| found.is_file() && found.len() == print.length) {
            let found = gone_is_none(File::open(entry.path()).and_then(print_of))?;
            count += usize::from(found == Some(print));
        }
    }
    Ok(count)
}

/// Returns what a name leads to; `None`: it is gone, or a link to nowhere or to itself.
fn leads_to(entry: &fs::DirEntry) -> io::Result<Option<fs::Metadata>> {
    let found = fs::metadata(entry.path());
    if entry.file_type()?.is_symlink() { Ok(found.ok()) } else { gone_is_none(found) }
}

/// A site moves its files while we look.
fn gone_is_none<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn print_of(mut source: impl Read) -> io::Result<Print> {
    let (mut hash, mut length, mut piece) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let count = source.read(&mut piece)?;
        let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else { break };
        hash.update(read);
        length += count as u64;
    }
    Ok(Print { length, sha256: hash.finalize().into() })
}

/// Runs the command and returns what it printed; `None`: it says by its status that there is nothing.
fn printed(command: &str, number: &str, signid: &str, patience: Duration) -> Result<Option<Print>> {
    // Neither holds anything that a shell would take for its own.
    let words = command.replace("{number}", number).replace("{signid}", signid);
    let child = shell(&words).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = child.context("--stored-command: cannot start the shell")?;
    let id = child.id();
    let (sender, ended) = channel();
    thread::spawn(move || {
        let print = child.stdout.take().map(print_of).transpose();
        let _ = sender.send((print, child.wait()));
    });
    let Ok((print, status)) = ended.recv_timeout(patience) else {
        end(id);
        bail!("--stored-command: it has not ended after {} s: {words}", patience.as_secs());
    };
    let status = status.context("--stored-command")?;
    // A shell's own words for a command that it cannot run.
    if matches!(status.code(), Some(126 | 127 | 9009)) {
        bail!("--stored-command: the shell cannot run this: {words}");
    }
    let print = print.context("--stored-command: cannot read what it prints")?;
    Ok(print.filter(|print| status.success() && print.length > 0))
}

/// Returns the system's shell with these words to run, at the head of a group of processes.
fn shell(words: &str) -> Command {
    let mut command = Command::new(if cfg!(windows) { "cmd" } else { "sh" });
    command.args([if cfg!(windows) { "/C" } else { "-c" }, words]);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// Ends a shell, with what it started.
fn end(id: u32) {
    let words =
        if cfg!(windows) { format!("taskkill /F /T /PID {id}") } else { format!("kill -s KILL -- -{id}") };
    let _ = shell(&words).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Equal bytes count, wherever they lie and whatever they are called; others of the same length do not.
    #[test]
    fn counts_equal_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("2026")).unwrap();
        for (name, bytes) in [("a.pdf", "one"), ("2026/b", "one"), ("c.pdf", "two"), ("d.pdf", "one+")] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        #[cfg(unix)]
        for (name, target) in [("itself", "itself"), ("nowhere", "none"), ("2026/back", "..")] {
            std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
        }
        let stored = Stored::new(Some(&folder.path().to_owned()), None).unwrap();
        let copies = |bytes: &[u8]| stored.copies("A-1", "s", Print::of(bytes)).unwrap();
        assert_eq!((copies(b"one"), copies(b"two"), copies(b"three")), (Some(2), Some(1), Some(0)));
        assert!(Stored::new(Some(&folder.path().join("none")), None).is_err());
        let late = copies_in(folder.path(), Print::of(b"one"), Instant::now() - Duration::from_secs(1));
        assert!(late.unwrap_err().to_string().contains("longer than a minute"));
    }

    /// A command is told which document is meant, and says by its status that there is none.
    #[cfg(unix)]
    #[test]
    fn asks_a_command() {
        let command = "test {number}-{signid} = A-1-s && printf one".to_owned();
        let stored = Stored::new(None, Some(&command)).unwrap();
        let print = Print::of(b"one");
        assert_eq!(stored.copies("A-1", "s", print).unwrap(), Some(1));
        assert_eq!(stored.copies("A-2", "s", print).unwrap(), Some(0));
        assert_eq!(stored.copies("A-1", "s", Print::of(b"two")).unwrap(), Some(0));
        let wrong = Stored::new(None, Some(&"no-such-command-here".to_owned())).unwrap();
        assert!(wrong.copies("A-1", "s", print).unwrap_err().to_string().contains("no-such-command-here"));
    }

    /// A command that never ends is ended with all that it started, and said.
    #[cfg(unix)]
    #[test]
    fn ends_a_command_that_never_ends() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe").display().to_string();
        // Whoever reads the pipe waits until the last of them has let go of it.
        assert!(shell(&format!("mkfifo {pipe}")).status().unwrap().success());
        let reader = thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        let command = format!("exec 3>{pipe}; (sleep 1000) | cat");
        let said = printed(&command, "A-1", "s", Duration::from_secs(1)).unwrap_err().to_string();
        assert!(reader.join().unwrap().is_empty());
        assert!(said.contains("has not ended after 1 s") && said.contains("sleep 1000"), "{said}");
        let said = printed("exec >&-; sleep 1000", "A-1", "s", Duration::from_secs(1));
        assert!(said.unwrap_err().to_string().contains("has not ended"));
    }
}
