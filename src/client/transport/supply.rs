//! Where the bytes of an order are: in memory, or in a file that is read while the order is sent.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::protocol::stream::Supply;
use crate::protocol::{Error, RawSource, Reason, Result};

/// The bytes of one field, found and measured.
pub(crate) struct Located<'a> {
    bytes: Bytes<'a>,
    /// Path of the field, for messages.
    field: String,
}

enum Bytes<'a> {
    Memory(&'a [u8]),
    File { path: &'a Path, stamp: Stamp },
}

/// What tells whether a file is still the one that was measured, and as it was.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    /// When its content changed, and on Unix its inode and when that changed, to the nanosecond.
    #[cfg(unix)]
    facts: [i64; 6],
    #[cfg(not(unix))]
    facts: Option<std::time::SystemTime>,
}

impl Stamp {
    fn of(facts: &Metadata) -> Stamp {
        #[cfg(unix)]
        let marks = {
            use std::os::unix::fs::MetadataExt;
            // Inode and device are compared, not counted: their sign does not matter.
            let (ino, dev) = (facts.ino().cast_signed(), facts.dev().cast_signed());
            [facts.mtime(), facts.mtime_nsec(), facts.ctime(), facts.ctime_nsec(), ino, dev]
        };
        #[cfg(not(unix))]
        let marks = facts.modified().ok();
        Stamp { length: facts.len(), facts: marks }
    }
}

/// Finds the bytes of a source, and measures them before anything is sent.
///
/// # Errors
/// `file_unreadable`, `attachment_missing`, with the field's path.
pub(crate) fn locate<'a>(
    source: RawSource<'a>,
    attachments: &[&'a [u8]],
    field: &str,
) -> Result<(Located<'a>, u64)> {
    let (bytes, length) = match source {
        RawSource::Bytes(bytes) => (Bytes::Memory(bytes), bytes.len() as u64),
        RawSource::Attachment(index) => {
            let bytes = attachment(attachments, index, field)?;
            (Bytes::Memory(bytes), bytes.len() as u64)
        }
        RawSource::Path(path) => {
            let file = open(path, field, None)?;
            let stamp = Stamp::of(&file.metadata().map_err(|error| unreadable(path, field, &error))?);
            (Bytes::File { path, stamp }, stamp.length)
        }
    };
    Ok((Located { bytes, field: field.to_owned() }, length))
}

fn attachment<'a>(attachments: &[&'a [u8]], index: usize, field: &str) -> Result<&'a [u8]> {
    attachments.get(index).copied().ok_or_else(|| {
        let count = attachments.len();
        Error::new(Reason::AttachmentMissing)
            .field(field)
            .detail(format!("attachment {index} of {count}"), format!("附件 {index}，共传入 {count} 个"))
    })
}

impl<'a> Located<'a> {
    /// Begins to give the bytes; a file is opened when the first are asked for.
    pub(crate) fn supply(&self) -> Supplied<'a> {
        match self.bytes {
            Bytes::Memory(bytes) => Supplied::Memory(bytes),
            Bytes::File { path, stamp } => {
                let field = self.field.clone();
                Supplied::File(Reading { path, field, stamp, file: None, piece: Vec::new() })
            }
        }
    }
}

/// The bytes of one field on their way.
pub(crate) enum Supplied<'a> {
    /// The rest of them.
    Memory(&'a [u8]),
    /// A file.
    File(Reading<'a>),
}

/// A file that is being read.
pub(crate) struct Reading<'a> {
    path: &'a Path,
    field: String,
    /// What it was when it was measured.
    stamp: Stamp,
    file: Option<File>,
    piece: Vec<u8>,
}

impl Supply for Supplied<'_> {
    type Error = Error;

    fn next(&mut self, count: usize, last: bool) -> Result<&[u8]> {
        match self {
            Supplied::Memory(rest) => rest.next(count, last).map_err(|never| match never {}),
            Supplied::File(reading) => reading.next(count, last),
        }
    }
}

impl Reading<'_> {
    /// Reads exactly so many bytes. Before the last are handed over, without which no order is whole, it looks whether
    /// nothing was added or written over.
    fn next(&mut self, count: usize, last: bool) -> Result<&[u8]> {
        let Reading { path, field, stamp, file, piece } = self;
        let file = match file {
            Some(file) => file,
            None => file.insert(open(path, field, Some(*stamp))?),
        };
        piece.resize(count + usize::from(last), 0);
        if fill(file, piece).map_err(|error| unreadable(path, field, &error))? != count {
            return Err(changed(path, field));
        }
        if last {
            let now = file.metadata().map_err(|error| unreadable(path, field, &error))?;
            if Stamp::of(&now) != *stamp {
                return Err(changed(path, field));
            }
        }
        Ok(piece.get(..count).unwrap_or_default())
    }
}

/// Reads until the space is full or the file has ended; returns how many bytes there were.
fn fill(file: &mut File, space: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = space.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Opens a regular file: opening a pipe or a device could block for ever.
fn open(path: &Path, field: &str, stamp: Option<Stamp>) -> Result<File> {
    let cannot = |error: io::Error| unreadable(path, field, &error);
    let facts = std::fs::metadata(path).map_err(cannot)?;
    if !facts.is_file() {
        return Err(Error::new(Reason::FileUnreadable).field(field).detail(
            format!("{} is not a regular file", path.display()),
            format!("{} 不是普通文件", path.display()),
        ));
    }
    let file = File::open(path).map_err(cannot)?;
    let now = Stamp::of(&file.metadata().map_err(cannot)?);
    if stamp.is_some_and(|stamp| stamp != now) {
        return Err(changed(path, field));
    }
    Ok(file)
}

fn unreadable(path: &Path, field: &str, error: &io::Error) -> Error {
    Error::of_system(Reason::FileUnreadable, path.display(), error).field(field)
}

fn changed(path: &Path, field: &str) -> Error {
    Error::new(Reason::FileChanged).field(field).because(path.display())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::protocol::stream::{Plan, Segment};

    fn plan(source: Located<'_>, length: u64) -> Plan<Located<'_>> {
        Plan { segments: vec![Segment::Encode { source, length }] }
    }

    fn collect(source: RawSource<'_>, attachments: &[&[u8]]) -> Result<Vec<u8>> {
        let (source, length) = locate(source, attachments, "filebase")?;
        plan(source, length).pieces(Located::supply).collect()
    }

    /// Covers P-5: every source becomes the base64 of its bytes, whatever its length.
    #[test]
    fn encodes_each_source_exactly() {
        let folder = tempfile::tempdir().unwrap();
        for length in [0, 1, 2, 3, 4, 12_287, 12_288, 12_289, 50_000] {
            let bytes: Vec<u8> = (0..length).map(|at| (at * 7 % 251) as u8).collect();
            let path = folder.path().join(format!("{length}"));
            std::fs::write(&path, &bytes).unwrap();
            let coded = STANDARD.encode(&bytes);
            for source in [RawSource::Path(&path), RawSource::Attachment(1), RawSource::Bytes(&bytes)] {
                assert!(collect(source, &[b"", &bytes]).unwrap() == coded.as_bytes(), "{length}");
            }
        }
    }

    #[test]
    fn names_the_field_of_a_source_that_cannot_be_had() {
        let folder = tempfile::tempdir().unwrap();
        let fails = |source: RawSource<'_>| {
            let error = collect(source, &[]).unwrap_err();
            assert_eq!(error.field_path(), Some("filebase"));
            error.reason()
        };
        assert_eq!(fails(RawSource::Path(&folder.path().join("b"))), Reason::FileUnreadable);
        assert_eq!(fails(RawSource::Path(folder.path())), Reason::FileUnreadable);
        assert_eq!(fails(RawSource::Attachment(0)), Reason::AttachmentMissing);
    }

    #[test]
    fn notices_a_file_that_changed_since_it_was_measured() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for changed in [19_999, 20_001] {
            std::fs::write(&path, [7; 20_000]).unwrap();
            let (source, length) = locate(RawSource::Path(&path), &[], "filebase").unwrap();
            std::fs::write(&path, vec![7; changed]).unwrap();
            let error = plan(source, length).pieces(Located::supply).collect().unwrap_err();
            assert_eq!((error.reason(), error.field_path()), (Reason::FileChanged, Some("filebase")));
        }
    }

    /// A file of the same length is another when it was written over, or another took its name.
    #[test]
    fn notices_a_file_that_keeps_its_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let pause = || std::thread::sleep(std::time::Duration::from_millis(20));
        let in_place = || {
            use std::io::{Seek, SeekFrom, Write};
            let mut file = File::options().write(true).open(&path).unwrap();
            file.seek(SeekFrom::Start(29_000)).unwrap();
            file.write_all(&[8; 10]).unwrap();
        };
        let replaced = || {
            std::fs::write(folder.path().join("b"), vec![8; 30_000]).unwrap();
            std::fs::rename(folder.path().join("b"), &path).unwrap();
        };
        for (change, early) in [(&in_place as &dyn Fn(), false), (&in_place, true), (&replaced, true)] {
            std::fs::write(&path, vec![7; 30_000]).unwrap();
            let (source, length) = locate(RawSource::Path(&path), &[], "filebase").unwrap();
            let plan = plan(source, length);
            pause();
            if early {
                change();
            }
            let mut pieces = plan.pieces(Located::supply);
            if !early {
                assert!(pieces.next_piece().unwrap().is_some());
                change();
            }
            assert_eq!(pieces.collect().unwrap_err().reason(), Reason::FileChanged, "{early}");
        }
    }

    #[test]
    fn notices_a_file_that_changes_between_pieces() {
        let folder = tempfile::tempdir().unwrap();
        for (change, name) in [(30_001, "grown"), (20_000, "cut")] {
            let path = folder.path().join(name);
            std::fs::write(&path, vec![7; 30_000]).unwrap();
            let (source, length) = locate(RawSource::Path(&path), &[], "filebase").unwrap();
            let plan = plan(source, length);
            let mut pieces = plan.pieces(Located::supply);
            assert!(pieces.next_piece().unwrap().is_some());
            File::options().write(true).open(&path).unwrap().set_len(change).unwrap();
            assert_eq!(pieces.collect().unwrap_err().reason(), Reason::FileChanged, "{name}");
        }
    }
}
