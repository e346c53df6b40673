//! Names of subjects and issuers: shown, compared, and taken apart.

use std::borrow::Cow;

use crate::verify::asn1::{Element, OID, SEQUENCE, SET, dotted};

/// Most attributes of a name that are looked at.
const MAX_ATTRIBUTES: usize = 64;
/// Longest attribute that is shown, in characters.
const MAX_SHOWN: usize = 512;

/// What stands for a character that nobody can see, such as a control, and for what is too long to be read.
pub(crate) const UNREADABLE: char = '\u{fffd}';

/// One attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// Its object identifier.
    pub(crate) kind: Vec<u8>,
    pub(crate) text: String,
}

/// Returns the attributes of a name, in its order.
pub(crate) fn attributes(name: &[u8]) -> Vec<Attribute> {
    let sets = Element::of(name, SEQUENCE).into_iter().flat_map(|name| name.inside());
    let each = sets.filter(|set| set.tag == SET).flat_map(|set| set.inside());
    let read = each.filter_map(|attribute| {
        let mut fields = attribute.inside();
        let kind = fields.tagged(OID)?.content.to_vec();
        Some(Attribute { kind, text: text(&fields.next()?) })
    });
    read.take(MAX_ATTRIBUTES).collect()
}

/// Returns a name as people write it: `C=CN, O=…, CN=…`.
pub(crate) fn display(name: &[u8]) -> String {
    written(attributes(name))
}

/// Returns a name as it stands in messages: without numbers, which may be those of an identity card, and addresses.
pub(crate) fn shown(name: &[u8]) -> String {
    let mut attributes = attributes(name);
    attributes.retain(|attribute| matches!(attribute.kind.as_slice(), [0x55, 4, 3 | 6 | 7 | 8 | 10 | 11]));
    written(attributes)
}

fn written(attributes: Vec<Attribute>) -> String {
    let shown = attributes.into_iter().map(|attribute| {
        let label = label(&attribute.kind).map_or_else(|| Cow::Owned(dotted(&attribute.kind)), Cow::Borrowed);
        format!("{label}={}", attribute.text)
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// Returns the common name, or what stands in its place.
pub(crate) fn common_name(name: &[u8]) -> Option<String> {
    let attributes = attributes(name);
    let find = |kind: &[u8]| attributes.iter().rev().find(|attribute| attribute.kind == kind);
    find(b"\x55\x04\x03").or_else(|| find(b"\x55\x04\x0a")).map(|found| found.text.clone())
}

/// Says whether two names are the same: byte by byte, or by their attributes without regard to case, spaces and the
/// encoding of their characters.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    one == other || {
        let (one, other) = (folded(one), folded(other));
        !one.is_empty() && one.len() < MAX_ATTRIBUTES && one == other
    }
}

/// Says whether a name begins with all attributes of another one.
pub(crate) fn starts_with(name: &[u8], beginning: &[u8]) -> bool {
    folded(name).starts_with(&folded(beginning))
}

/// Returns kinds and texts of a name's attributes, as they are compared.
fn folded(name: &[u8]) -> Vec<(Vec<u8>, String)> {
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    attributes(name).into_iter().map(|part| (part.kind, fold(&part.text))).collect()
}

/// Reads a string of any of the kinds that names are written in.
fn text(value: &Element<'_>) -> String {
    let content = value.content;
    let wide = |bytes: usize| {
        let units = content.chunks_exact(bytes);
        let number = |unit: &[u8]| unit.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        units.map(|unit| char::from_u32(number(unit)).unwrap_or(UNREADABLE)).collect::<String>()
    };
    let read = match value.tag {
        0x1e => wide(2),
        0x1c => wide(4),
        // Teletex in name, Latin-1 in fact, unless it is UTF-8 after all.
        _ => std::str::from_utf8(content)
            .map_or_else(|_| content.iter().map(|byte| char::from(*byte)).collect(), str::to_owned),
    };
    let mut shown: String =
        read.chars().take(MAX_SHOWN).map(|c| if c.is_control() { UNREADABLE } else { c }).collect();
    if read.chars().nth(MAX_SHOWN).is_some() {
        shown.push(UNREADABLE);
    }
    shown
}

fn label(kind: &[u8]) -> Option<&'static str> {
    Some(match kind {
        b"\x55\x04\x03" => "CN",
        b"\x55\x04\x04" => "SN",
        b"\x55\x04\x05" => "serialNumber",
        b"\x55\x04\x06" => "C",
        b"\x55\x04\x07" => "L",
        b"\x55\x04\x08" => "ST",
        b"\x55\x04\x09" => "STREET",
        b"\x55\x04\x0a" => "O",
        b"\x55\x04\x0b" => "OU",
        b"\x55\x04\x0c" => "T",
        b"\x55\x04\x2a" => "GN",
        b"\x55\x04\x61" => "organizationIdentifier",
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01" => "E",
        b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01" => "UID",
        b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19" => "DC",
        _ => return None,
    })
}
