//! Replaces parts of an object's text and leaves the rest as it stands.

use std::ops::Range;

/// A part of the text, counted as its objects are, and what comes in its place.
pub type Change = (Range<usize>, Vec<u8>);

/// Returns the text with its changes made, in one pass. `base` is what the first byte counts as; the parts must
/// not overlap.
pub fn spliced(text: &[u8], base: usize, mut changes: Vec<Change>) -> Vec<u8> {
    changes.sort_by_key(|(span, _)| (span.start, span.end));
    let mut out = Vec::with_capacity(text.len() + changes.iter().map(|(_, with)| with.len()).sum::<usize>());
    let mut done = 0;
    for (span, with) in changes {
        out.extend_from_slice(text.get(done..span.start - base).unwrap_or_default());
        out.extend_from_slice(&with);
        done = span.end - base;
    }
    out.extend_from_slice(text.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::spliced;

    #[test]
    fn puts_changes_in_their_places() {
        let change = |start, end, with: &str| (start..end, with.as_bytes().to_vec());
        let changes =
            vec![change(16, 16, "!"), change(11, 13, "X"), change(11, 11, "<"), change(16, 16, "?")];
        assert_eq!(spliced(b"abcdef", 10, changes), b"a<Xdef!?");
        assert_eq!(spliced(b"abc", 0, Vec::new()), b"abc");
    }
}
