//! DER, element by element: enough to tell what a file is, and to find what stands at a known place.

use zeroize::Zeroizing;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const CONTEXT_0: u8 = 0xa0;

/// One element: its tag, what it holds, and all its bytes.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    pub(super) whole: &'a [u8],
}

/// Splits off the first element; `None` where none is whole. Indefinite lengths are none of DER.
pub(super) fn element(der: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        short @ 0..=0x7f => (usize::from(short), rest),
        long => {
            let count = usize::from(long & 0x7f);
            if !(1..=4).contains(&count) {
                return None;
            }
            let (digits, rest) = rest.split_at_checked(count)?;
            (digits.iter().fold(0, |length, digit| (length << 8) | usize::from(*digit)), rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    let whole = der.get(..der.len() - rest.len())?;
    Some((Element { tag: *tag, content, whole }, rest))
}

/// Returns the elements of a constructed one's content, up to the first that is not whole.
pub(super) fn children(content: &[u8]) -> Vec<Element<'_>> {
    let mut rest = content;
    std::iter::from_fn(|| {
        let (found, after) = element(rest)?;
        rest = after;
        Some(found)
    })
    .collect()
}

/// Returns what the first element holds, if it has this tag.
pub(super) fn inside(der: &[u8], tag: u8) -> Option<&[u8]> {
    element(der).filter(|(found, _)| found.tag == tag).map(|(found, _)| found.content)
}

/// Writes one element, which is wiped when it is dropped.
pub(super) fn write(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let digits = length.to_be_bytes();
    let digits: Vec<u8> = digits.into_iter().skip_while(|digit| *digit == 0).collect();
    let mut out = Zeroizing::new(Vec::with_capacity(length + digits.len() + 2));
    out.push(tag);
    if length > 0x7f {
        out.push(0x80 | digits.len() as u8);
    }
    if length > 0 {
        out.extend_from_slice(&digits);
    } else {
        out.push(0);
    }
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let content = vec![7; length];
            let written = write(OCTET_STRING, &[&content]);
            assert_eq!(inside(&written, OCTET_STRING), Some(content.as_slice()), "{length}");
            assert!(element(&written[..written.len() - 1]).is_none());
        }
        assert!(element(&[SEQUENCE, 0x80, 0, 0]).is_none());
        assert_eq!(children(&[2, 1, 5, 4, 0, 9]).len(), 2);
    }
}
