//! What readers understand in different ways: a file that some of them repair, objects that some read otherwise.

use std::collections::HashSet;

use super::report::Report;
use super::same::{Result, Same};
use super::{Change, ChangeKind, Verdict, words};
use crate::pdf::PdfFile;

/// How far from the end of a file readers look for `startxref` (ISO 32000-1, annex H).
const TAIL: usize = 1024;

/// Notes an end of the file that makes readers look for objects themselves, where they may find others.
pub fn tail(pdf: &PdfFile, report: &mut Report) {
    let bytes = pdf.bytes();
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or_default();
    if !is_plain(tail) {
        report.note(Change::new(ChangeKind::Damage, Verdict::Undecided, words::TAIL));
    }
}

/// Says whether this ends with `startxref`, a number and `%%EOF`, and nothing else.
fn is_plain(tail: &[u8]) -> bool {
    let word = b"startxref";
    let Some(at) = tail.windows(word.len()).rposition(|window| window == word) else { return false };
    let rest = tail.get(at + word.len()..).unwrap_or_default().trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let end = rest.get(digits..).unwrap_or_default();
    // Some writers fill up with zeros.
    let end = end.trim_ascii_start().strip_prefix(b"%%EOF");
    digits > 0 && end.is_some_and(|end| end.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0))
}

/// Notes objects of the signed revision that were written again in a way that readers understand differently.
pub fn objects(changed: &HashSet<u32>, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
    let mut numbers: Vec<u32> =
        changed.iter().copied().filter(|number| same.old.xref().places.contains_key(number)).collect();
    numbers.sort_unstable();
    for number in numbers {
        same.step(8)?;
        let (Ok(Some(old)), Ok(Some(new))) = (same.old.load(number), same.new.load(number)) else { continue };
        same.step(new.item.span.len())?;
        let what = if old.id.generation != new.id.generation {
            words::GENERATION
        } else if (new.is_odd || old.is_odd) && same.old.text(&old) != same.new.text(&new) {
            words::ODD_NUMBER
        } else if new.is_loose != old.is_loose {
            words::LOOSE
        } else {
            continue;
        };
        report.note(Change::new(ChangeKind::Damage, Verdict::NotPermitted, what).of(Some(number)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_plain_end() {
        for plain in ["startxref\n12\n%%EOF", "x startxref 12\r\n%%EOF\r\n\r\n", "startxref\n0\n%%EOF\n"] {
            assert!(is_plain(plain.as_bytes()), "{plain}");
        }
        for odd in [
            "",
            "startxref\n%x\n12\n%%EOF",
            "startxref\n%%EOF",
            "startxref\n12\n%%EOF\n% more",
            "startxref\n12\nx%%EOF",
            "startxref\n12",
        ] {
            assert!(!is_plain(odd.as_bytes()), "{odd}");
        }
    }
}
