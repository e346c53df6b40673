//! Bytes behind the signed ones that nothing leads to.

use crate::pdf::{PdfFile, Result};

/// What stands behind the signed bytes and belongs to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unreached {
    /// Nothing but white space, comments, and the ends of revisions.
    Nothing,
    /// Bytes that are no object.
    Bytes,
    /// Objects within others.
    Overlap,
    /// What may be an object.
    Objects,
}

/// Returns the worst that stands in each part between what is reached, from this byte on: where it ends, and what it is.
pub fn parts(pdf: &PdfFile, from: usize) -> Result<Vec<(usize, Unreached)>> {
    let mut parts = Vec::new();
    let mut at = from;
    let end = pdf.bytes().len();
    let mut start = None;
    for range in pdf.reached_from(from)?.into_iter().chain(std::iter::once(end..end)) {
        if range.start > at {
            let part = pdf.bytes().get(at..range.start).unwrap_or_default();
            match judge(part) {
                Unreached::Nothing => {}
                found => parts.push((range.start, found)),
            }
        }
        // What one table names more than once is no other.
        if range.start < at && start.is_some_and(|start| range.start > start) {
            parts.push((range.end, Unreached::Overlap));
        }
        start = Some(range.start);
        at = at.max(range.end);
    }
    Ok(parts)
}

fn judge(part: &[u8]) -> Unreached {
    let mut worst = Unreached::Nothing;
    let mut is_offset = false;
    for line in part.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let mut line = line.trim_ascii();
        if let Some(offset) = line.strip_prefix(b"startxref") {
            (line, is_offset) = (offset.trim_ascii(), true);
        }
        if line.is_empty() {
            continue;
        }
        // Some writers end an object twice, or fill up with zeros.
        let is_nothing = line.starts_with(b"%")
            || matches!(line, b"endobj" | b"endstream")
            || is_offset && line.iter().all(u8::is_ascii_digit)
            || line.iter().all(|byte| *byte == 0);
        is_offset = false;
        if begins_object(line) {
            return Unreached::Objects;
        }
        if !is_nothing {
            worst = Unreached::Bytes;
        }
    }
    worst
}

/// Says whether `obj` stands in a line behind a number: a reader that repairs files would find an object there.
fn begins_object(line: &[u8]) -> bool {
    line.windows(3).enumerate().filter(|(_, window)| *window == b"obj").any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default().trim_ascii_end();
        before.last().is_none_or(u8::is_ascii_digit)
    })
}
