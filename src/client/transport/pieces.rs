//! A request body in pieces of 16 KB: text as it is, files and bytes encoded on the way. Holds one piece,
//! never a document.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::PAD;
use bytes::Bytes;

use crate::protocol::order::Source;
use crate::protocol::wire::{Plan, Segment};
use crate::protocol::{Error, Reason, Result};

/// The processor's own instructions where the library has them.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type Encoder = base64::engine::Simd;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn encoder() -> Encoder {
    base64::engine::Simd::standard(PAD)
}
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Encoder = base64::engine::GeneralPurpose;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn encoder() -> Encoder {
    base64::engine::GeneralPurpose::new(&base64::alphabet::STANDARD, PAD)
}

/// The size of a piece: what one TLS record carries. Larger ones fall out of the processor's cache.
pub(crate) const PIECE: usize = 16 * 1024;

/// The pieces of one body, in order.
pub(crate) struct Pieces<'a> {
    plan: &'a Plan,
    attachments: &'a [&'a [u8]],
    engine: Encoder,
    raw: Vec<u8>,
    /// How much of the body is still to come.
    left: usize,
    /// The segment being sent, and how many of its bytes have gone (before encoding).
    segment: usize,
    done: u64,
    file: Option<File>,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(plan: &'a Plan, attachments: &'a [&'a [u8]]) -> Pieces<'a> {
        let left = usize::try_from(plan.content_length()).unwrap_or(usize::MAX);
        Pieces {
            plan,
            attachments,
            engine: encoder(),
            raw: Vec::new(),
            left,
            segment: 0,
            done: 0,
            file: None,
        }
    }

    /// The next piece; `None` after the last.
    ///
    /// # Errors
    /// `file_unreadable`, `file_changed`, `attachment_missing`, with the field's path.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>> {
        let mut out = Vec::with_capacity(PIECE.min(self.left));
        while let Some(segment) = self.plan.segments.get(self.segment) {
            let room = PIECE - out.len();
            let finished = match segment {
                Segment::Text(text) => self.copy(text, room, &mut out),
                Segment::Ready(text) => self.copy(text.as_bytes(), room, &mut out),
                Segment::Encode { source, field, length } => {
                    self.encode(source, field, *length, room, &mut out)?
                }
            };
            if !finished {
                break;
            }
            (self.segment, self.done, self.file) = (self.segment + 1, 0, None);
        }
        self.left = self.left.saturating_sub(out.len());
        Ok((!out.is_empty()).then(|| Bytes::from(out)))
    }

    /// Copies what fits; true when the segment is finished.
    fn copy(&mut self, text: &[u8], room: usize, out: &mut Vec<u8>) -> bool {
        let left = rest(text, self.done);
        let taken = left.get(..room).unwrap_or(left);
        out.extend_from_slice(taken);
        self.done += taken.len() as u64;
        taken.len() == left.len()
    }

    /// Encodes what fits: whole groups of three bytes, except at the source's end.
    fn encode(
        &mut self,
        source: &Source,
        field: &str,
        length: u64,
        room: usize,
        out: &mut Vec<u8>,
    ) -> Result<bool> {
        let left = length.saturating_sub(self.done);
        let wanted = left.min((room / 4 * 3) as u64);
        let wanted = usize::try_from(wanted).unwrap_or_default();
        match source {
            Source::Path(path) => {
                let mut raw = std::mem::take(&mut self.raw);
                self.read(path, field, length, wanted, &mut raw)?;
                self.append(&raw, out)?;
                self.raw = raw;
            }
            Source::Attachment(index) => {
                let attachment = attachment(self.attachments, *index, field)?;
                self.append(slice(attachment, self.done, wanted), out)?;
            }
            Source::Bytes(bytes) => self.append(slice(bytes, self.done, wanted), out)?,
            Source::Base64(text) => out.extend_from_slice(text.as_bytes()),
        }
        self.done += wanted as u64;
        Ok(self.done == length)
    }

    fn append(&self, raw: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        out.resize(start + raw.len().div_ceil(3) * 4, 0);
        let place = out.get_mut(start..).unwrap_or_default();
        let written = self.engine.encode_slice(raw, place);
        written.map(drop).map_err(|error| Error::new(Reason::Defect).because(error))
    }

    /// Reads exactly so many bytes of the file, and looks at its end that nothing was added.
    fn read(
        &mut self,
        path: &Path,
        field: &str,
        length: u64,
        wanted: usize,
        raw: &mut Vec<u8>,
    ) -> Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => open(path, field, Some(length))?,
        };
        let last = self.done + wanted as u64 == length;
        raw.resize(wanted + usize::from(last), 0);
        let mut filled = 0;
        while let Some(space) = raw.get_mut(filled..).filter(|space| !space.is_empty()) {
            match file.read(space) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(unreadable(path, field, &error)),
            }
        }
        if filled != wanted {
            return Err(changed(path, field));
        }
        raw.truncate(wanted);
        self.file = Some(file);
        Ok(())
    }
}

/// The length of a source in bytes, looked up before anything is sent.
///
/// # Errors
/// `file_unreadable`, `attachment_missing`, with the field's path.
pub(crate) fn measure(source: &Source, attachments: &[&[u8]], field: &str) -> Result<u64> {
    match source {
        Source::Attachment(index) => Ok(attachment(attachments, *index, field)?.len() as u64),
        Source::Path(path) => {
            let file = open(path, field, None)?;
            let facts = file.metadata().map_err(|error| unreadable(path, field, &error))?;
            Ok(facts.len())
        }
        Source::Bytes(bytes) => Ok(bytes.len() as u64),
        Source::Base64(text) => Ok(crate::protocol::base64_text::decoded_length(text)),
    }
}

fn attachment<'a>(attachments: &[&'a [u8]], index: usize, field: &str) -> Result<&'a [u8]> {
    attachments.get(index).copied().ok_or_else(|| {
        let count = attachments.len();
        Error::new(Reason::AttachmentMissing)
            .field(field)
            .detail(format!("attachment {index} of {count}"), format!("附件 {index}，共传入 {count} 个"))
    })
}

/// Opens a regular file: opening a pipe or a device could block for ever.
fn open(path: &Path, field: &str, length: Option<u64>) -> Result<File> {
    let cannot = |error: std::io::Error| unreadable(path, field, &error);
    let facts = std::fs::metadata(path).map_err(cannot)?;
    if !facts.is_file() {
        return Err(Error::new(Reason::FileUnreadable).field(field).detail(
            format!("{} is not a regular file", path.display()),
            format!("{} 不是普通文件", path.display()),
        ));
    }
    let file = File::open(path).map_err(cannot)?;
    let now = file.metadata().map_err(cannot)?.len();
    if length.is_some_and(|length| length != now) {
        return Err(changed(path, field));
    }
    Ok(file)
}

fn unreadable(path: &Path, field: &str, error: &std::io::Error) -> Error {
    Error::new(Reason::FileUnreadable).field(field).because(format!("{}: {error}", path.display()))
}

fn changed(path: &Path, field: &str) -> Error {
    Error::new(Reason::FileChanged).field(field).because(path.display())
}

fn rest(bytes: &[u8], from: u64) -> &[u8] {
    usize::try_from(from).ok().and_then(|from| bytes.get(from..)).unwrap_or_default()
}

fn slice(bytes: &[u8], from: u64, length: usize) -> &[u8] {
    let rest = rest(bytes, from);
    rest.get(..length).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn collect(plan: &Plan, attachments: &[&[u8]]) -> Result<Vec<u8>> {
        let mut pieces = Pieces::new(plan, attachments);
        let mut body = Vec::new();
        while let Some(piece) = pieces.next()? {
            assert!(piece.len() <= PIECE);
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    fn encode(source: Source, length: usize) -> Segment {
        Segment::Encode { source, field: "filebase".into(), length: length as u64 }
    }

    /// Covers P-5: every source becomes the base64 of its bytes, whatever its length, and the length
    /// announced beforehand is exact.
    #[test]
    fn encodes_each_source_exactly() {
        let folder = tempfile::tempdir().unwrap();
        for length in [0, 1, 2, 3, 4, 12_285, 12_286, 12_287, 12_288, 12_289, 50_000] {
            let bytes: Vec<u8> = (0..length).map(|at| (at * 7 % 251) as u8).collect();
            let path = folder.path().join(format!("{length}"));
            std::fs::write(&path, &bytes).unwrap();
            let plan = Plan {
                segments: vec![
                    Segment::Text(b"{\"a\":\"".to_vec()),
                    encode(Source::Path(path), length),
                    Segment::Text(b"|".to_vec()),
                    encode(Source::Attachment(1), length),
                    Segment::Ready("QUJD".repeat(5000).into()),
                    encode(Source::Bytes(bytes.clone().into()), length),
                    Segment::Text(b"\"}".to_vec()),
                ],
            };
            let body = collect(&plan, &[b"", &bytes]).unwrap();
            let coded = STANDARD.encode(&bytes);
            let expected = format!("{{\"a\":\"{coded}|{coded}{}{coded}\"}}", "QUJD".repeat(5000));
            assert!(body == expected.as_bytes(), "{length}");
            assert_eq!(plan.content_length(), body.len() as u64);
        }
    }

    #[test]
    fn names_the_field_of_a_source_that_cannot_be_had() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, [7; 20_000]).unwrap();
        let fails = |source: Source, length| {
            let plan = Plan { segments: vec![encode(source, length)] };
            let error = collect(&plan, &[]).unwrap_err();
            assert_eq!(error.field_path(), Some("filebase"));
            error.reason()
        };
        for length in [19_999, 20_001] {
            assert_eq!(fails(Source::Path(path.clone()), length), Reason::FileChanged);
        }
        assert_eq!(fails(Source::Path(folder.path().join("b")), 1), Reason::FileUnreadable);
        assert_eq!(fails(Source::Path(folder.path().to_owned()), 1), Reason::FileUnreadable);
        assert_eq!(fails(Source::Attachment(0), 1), Reason::AttachmentMissing);
    }

    #[test]
    fn notices_a_file_that_changes_between_pieces() {
        let folder = tempfile::tempdir().unwrap();
        for (change, name) in [(30_001, "grown"), (20_000, "cut")] {
            let path = folder.path().join(name);
            std::fs::write(&path, vec![7; 30_000]).unwrap();
            let plan = Plan { segments: vec![encode(Source::Path(path.clone()), 30_000)] };
            let mut pieces = Pieces::new(&plan, &[]);
            assert!(pieces.next().unwrap().is_some());
            std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(change).unwrap();
            let error = loop {
                match pieces.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("{name}: not noticed"),
                    Err(error) => break error,
                }
            };
            assert_eq!(error.reason(), Reason::FileChanged, "{name}");
        }
    }
}
