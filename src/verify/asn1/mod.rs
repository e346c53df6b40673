//! ASN.1 as it stands in signatures: BER, with indefinite lengths and strings in pieces, and DER within it. Own code,
//! because the readers of DER refuse BER, and because what is hashed has to be the very bytes.

mod time;

use std::borrow::Cow;

pub(crate) use time::{Timed, generalized, pdf_date, time};

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// The bit of a tag that says that elements are within.
const CONSTRUCTED: u8 = 0x20;
/// Deepest nesting of elements of indefinite length, and of strings in pieces.
const MAX_DEPTH: usize = 32;

/// Returns the tag of a constructed context-specific element.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// Returns the tag of a primitive context-specific element.
pub(crate) const fn implicit(number: u8) -> u8 {
    0x80 | number
}

/// One element: its tag, what it holds, and all its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    /// Without the two zeros that end an indefinite length.
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// Elements one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Element<'a> {
    /// Reads the first element; `None` where none is whole.
    pub(crate) fn first(bytes: &'a [u8]) -> Option<Element<'a>> {
        Some(split(bytes, 0)?.0)
    }

    /// Reads the first element, which must have this tag.
    pub(crate) fn of(bytes: &'a [u8], tag: u8) -> Option<Element<'a>> {
        Element::first(bytes).filter(|found| found.tag == tag)
    }

    /// Returns the elements within.
    pub(crate) fn inside(&self) -> Reader<'a> {
        Reader { rest: self.content }
    }

    /// Returns an octet string's bytes, also if it is in pieces or its tag is a context's.
    pub(crate) fn octets(&self) -> Option<Cow<'a, [u8]>> {
        if self.tag & CONSTRUCTED == 0 {
            return Some(Cow::Borrowed(self.content));
        }
        let mut all = Vec::new();
        collect(self, &mut all, 0)?;
        Some(Cow::Owned(all))
    }

    /// Returns the bytes of a bit string whose bits fill whole bytes.
    pub(crate) fn bits(&self) -> Option<&'a [u8]> {
        let (unused, bytes) = self.content.split_first()?;
        (self.tag == BIT_STRING && *unused == 0).then_some(bytes)
    }

    /// Returns the first sixteen bits of a bit string of flags, the first as the highest.
    pub(crate) fn flags(&self) -> Option<u16> {
        let (_, bytes) = self.content.split_first().filter(|_| self.tag == BIT_STRING)?;
        let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
        Some(u16::from_be_bytes([byte(0), byte(1)]))
    }

    /// Returns a small integer that is not negative.
    pub(crate) fn small(&self) -> Option<u32> {
        let digits = self.unsigned()?;
        let number =
            digits.iter().try_fold(0_u32, |sum, &byte| sum.checked_mul(256)?.checked_add(u32::from(byte)));
        number.filter(|_| matches!(self.tag, INTEGER | ENUMERATED))
    }

    /// Returns an integer's digits without zeros in front; of one that is negative because its writer forgot the zero,
    /// too.
    pub(crate) fn unsigned(&self) -> Option<&'a [u8]> {
        let zeros = self.content.iter().take_while(|byte| **byte == 0).count();
        self.content.get(zeros..).filter(|_| !self.content.is_empty())
    }
}

impl<'a> Reader<'a> {
    /// Reads elements out of these bytes.
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    /// Reads the next element, if it has this tag.
    pub(crate) fn tagged(&mut self, tag: u8) -> Option<Element<'a>> {
        if self.rest.first() == Some(&tag) { self.next() } else { None }
    }

    /// Says whether there is nothing more.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Element<'a>;

    /// Returns the next element; nothing more once one is not whole.
    fn next(&mut self) -> Option<Element<'a>> {
        let (found, rest) = split(self.rest, 0)?;
        self.rest = rest;
        Some(found)
    }
}

/// Splits off the first element.
fn split(bytes: &[u8], depth: usize) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    // Tags of several bytes stand in nothing that is read here.
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    let element = |content, rest: &[u8]| {
        let whole = bytes.get(..bytes.len() - rest.len())?;
        Some(Element { tag, content, whole })
    };
    if first == 0x80 {
        let length = indefinite(rest, depth).filter(|_| tag & CONSTRUCTED != 0)?;
        let (content, after) = rest.split_at_checked(length)?;
        let after = after.get(2..)?;
        return Some((element(content, after)?, after));
    }
    let (length, rest) = if first < 0x80 { (usize::from(first), rest) } else { long(first, rest)? };
    let (content, after) = rest.split_at_checked(length)?;
    Some((element(content, after)?, after))
}

fn long(first: u8, rest: &[u8]) -> Option<(usize, &[u8])> {
    let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
    let length = digits
        .iter()
        .try_fold(0_usize, |length, digit| length.checked_mul(256)?.checked_add(usize::from(*digit)))?;
    Some((length, rest))
}

/// Returns how long the content of an element of indefinite length is.
fn indefinite(bytes: &[u8], depth: usize) -> Option<usize> {
    let mut rest = bytes;
    if depth > MAX_DEPTH {
        return None;
    }
    while !rest.starts_with(&[0, 0]) {
        rest = split(rest, depth + 1)?.1;
    }
    Some(bytes.len() - rest.len())
}

fn collect(element: &Element<'_>, all: &mut Vec<u8>, depth: usize) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut parts = element.inside();
    for part in parts.by_ref() {
        match part.tag {
            OCTET_STRING => all.extend_from_slice(part.content),
            0x24 => collect(&part, all, depth + 1)?,
            _ => return None,
        }
    }
    parts.is_empty().then_some(())
}

/// Writes an object identifier's content as people do: `1.2.840.113549`.
pub(crate) fn dotted(oid: &[u8]) -> String {
    let mut arcs = Vec::new();
    let mut arc = 0_u128;
    for byte in oid.iter().take(64) {
        arc = (arc & (u128::MAX >> 8)) << 7 | u128::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            arcs.push(arc);
            arc = 0;
        }
    }
    let Some((&first, rest)) = arcs.split_first() else { return String::new() };
    let top = (first / 40).min(2);
    let mut text = format!("{top}.{}", first - top * 40);
    rest.iter().for_each(|arc| text.push_str(&format!(".{arc}")));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_of_length() {
        for (bytes, content) in [
            (&b"\x04\x02ab"[..], &b"ab"[..]),
            (b"\x04\x81\x02ab", b"ab"),
            (b"\x04\x84\0\0\0\x02ab", b"ab"),
            (b"\x24\x80\x04\x01a\x04\x01b\0\0", b"ab"),
            (b"\x24\x80\x24\x80\x04\x01a\0\0\x04\x01b\0\0", b"ab"),
            (b"\xa0\x06\x04\x01a\x04\x01b", b"ab"),
        ] {
            let followed = [bytes, b"more"].concat();
            let found = Element::first(&followed).unwrap();
            assert_eq!(found.whole, bytes);
            assert_eq!(&*found.octets().unwrap(), content);
        }
    }

    #[test]
    fn refuses_what_is_not_whole() {
        for bytes in [
            &b""[..],
            b"\x04",
            b"\x04\x02a",
            b"\x04\x80\0\0",
            b"\x24\x80\x04\x01a",
            b"\x24\x80\x04\x01a\0",
            b"\x1f\x01\x00",
            b"\x04\x89\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        ] {
            assert!(Element::first(bytes).is_none(), "{bytes:?}");
        }
        assert!(Element::first(&b"\x30\x80".repeat(10_000)).is_none());
        assert!(Element::first(b"\x24\x03\x02\x01a").unwrap().octets().is_none());
    }

    #[test]
    fn writes_object_identifiers() {
        assert_eq!(dotted(b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), "1.2.840.113549.1.1.1");
        assert_eq!(dotted(b"\x55\x1d\x0f"), "2.5.29.15");
        assert_eq!(dotted(b"\x88\x37"), "2.999");
        assert_eq!(dotted(b""), "");
        dotted(&[0xff; 1000]);
    }
}
