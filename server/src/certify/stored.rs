//! What the site has stored, as far as somebody lets us look: a folder of its files, or a command that prints a document.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::shot::Print;

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
                let found = copies_in(folder, print);
                Ok(Some(found.with_context(|| format!("--stored: cannot read {}", folder.display()))?))
            }
            Stored::Command(command) => {
                Ok(Some(usize::from(printed(command, number, signid)? == Some(print))))
            }
        }
    }
}

/// Counts the files that hold exactly this.
fn copies_in(folder: &Path, print: Print) -> io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            count += gone_is_none(copies_in(&entry.path(), print))?.unwrap_or_default();
        } else if gone_is_none(fs::metadata(entry.path()))?.is_some_and(|found| found.len() == print.length) {
            let found = gone_is_none(File::open(entry.path()).and_then(print_of))?;
            count += usize::from(found == Some(print));
        }
    }
    Ok(count)
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
fn printed(command: &str, number: &str, signid: &str) -> Result<Option<Print>> {
    // Neither holds anything that a shell would take for its own.
    let words = command.replace("{number}", number).replace("{signid}", signid);
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell)
        .args([option, &words])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("--stored-command: cannot start the shell")?;
    let print = child.stdout.take().map(print_of).transpose();
    let status = child.wait().context("--stored-command")?;
    // A shell's own words for a command that it cannot run.
    if matches!(status.code(), Some(126 | 127 | 9009)) {
        bail!("--stored-command: the shell cannot run this: {words}");
    }
    let print = print.context("--stored-command: cannot read what it prints")?;
    Ok(print.filter(|print| status.success() && print.length > 0))
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
        let stored = Stored::new(Some(&folder.path().to_owned()), None).unwrap();
        let copies = |bytes: &[u8]| stored.copies("A-1", "s", Print::of(bytes)).unwrap();
        assert_eq!((copies(b"one"), copies(b"two"), copies(b"three")), (Some(2), Some(1), Some(0)));
        assert!(Stored::new(Some(&folder.path().join("none")), None).is_err());
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
}
