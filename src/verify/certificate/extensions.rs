//! The extensions of a certificate that its chain is judged by.

use crate::verify::asn1::{BOOLEAN, Element, INTEGER, OCTET_STRING, OID, SEQUENCE, dotted, implicit};

/// Most extensions, purposes or names that are looked at.
const MAX_ENTRIES: usize = 256;

/// What a key may do, by the bits of the extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyUse {
    DigitalSignature = 0x8000,
    NonRepudiation = 0x4000,
    CertificateSign = 0x0400,
    CrlSign = 0x0200,
}

/// The extensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions {
    /// Whether it is a CA's, and how many CAs may follow.
    pub(crate) basic: Option<(bool, Option<u32>)>,
    pub(crate) key_use: Option<u16>,
    /// The object identifiers of its purposes; whether the extension is critical.
    pub(crate) purposes: Option<(Vec<Vec<u8>>, bool)>,
    pub(crate) subject_key: Option<Vec<u8>>,
    pub(crate) authority_key: Option<Vec<u8>>,
    /// The DER of the constraints on names, of the other names.
    pub(crate) name_constraints: Option<Vec<u8>>,
    pub(crate) other_names: Option<Vec<u8>>,
    /// Whether this responder is not asked about in turn.
    pub(crate) no_check: bool,
    /// Critical ones that nobody here understands.
    pub(crate) unknown: Vec<String>,
}

impl Extensions {
    /// Reads the extensions within `[3]`, of a CRL within `[0]`; `None` if they are broken or stand there twice.
    pub(crate) fn read(held: &Element<'_>) -> Option<Extensions> {
        let mut found = Extensions::default();
        let mut seen: Vec<&[u8]> = Vec::new();
        for extension in held.inside().tagged(SEQUENCE)?.inside() {
            let mut fields = extension.inside();
            let oid = fields.tagged(OID)?.content;
            let critical = fields.tagged(BOOLEAN).is_some_and(|flag| flag.content != [0]);
            let value = fields.tagged(OCTET_STRING)?.content;
            if seen.contains(&oid) || seen.len() >= MAX_ENTRIES {
                return None;
            }
            seen.push(oid);
            if !found.take(oid, critical, value)? && critical {
                found.unknown.push(dotted(oid));
            }
        }
        Some(found)
    }

    /// Takes one extension; `false` if it is not known here.
    fn take(&mut self, oid: &[u8], critical: bool, value: &[u8]) -> Option<bool> {
        match oid {
            b"\x55\x1d\x13" => {
                let mut fields = Element::of(value, SEQUENCE)?.inside();
                let is_authority = fields.tagged(BOOLEAN).is_some_and(|flag| flag.content != [0]);
                self.basic =
                    Some((is_authority, fields.tagged(INTEGER).map(|length| length.small().unwrap_or(0))));
            }
            b"\x55\x1d\x0f" => self.key_use = Some(Element::first(value)?.flags()?),
            b"\x55\x1d\x25" => {
                let purposes = Element::of(value, SEQUENCE)?.inside().filter(|purpose| purpose.tag == OID);
                let purposes = purposes.take(MAX_ENTRIES).map(|purpose| purpose.content.to_vec());
                self.purposes = Some((purposes.collect(), critical));
            }
            b"\x55\x1d\x0e" => self.subject_key = Some(Element::of(value, OCTET_STRING)?.content.to_vec()),
            b"\x55\x1d\x23" => {
                let named = Element::of(value, SEQUENCE)?.inside().tagged(implicit(0));
                self.authority_key = named.map(|named| named.content.to_vec());
            }
            b"\x55\x1d\x1e" => self.name_constraints = Some(value.to_vec()),
            b"\x55\x1d\x11" => self.other_names = Some(value.to_vec()),
            b"\x2b\x06\x01\x05\x05\x07\x30\x01\x05" => self.no_check = true,
            // Policies bind nobody who asks for none; the rest says where more is to be had, or describes.
            b"\x55\x1d\x20"
            | b"\x55\x1d\x21"
            | b"\x55\x1d\x24"
            | b"\x55\x1d\x36"
            | b"\x55\x1d\x12"
            | b"\x55\x1d\x1f"
            | b"\x55\x1d\x09"
            | b"\x2b\x06\x01\x05\x05\x07\x01\x01"
            | b"\x2b\x06\x01\x05\x05\x07\x01\x03" => {}
            _ => return Some(false),
        }
        Some(true)
    }

    /// Says whether the key may be used so; one without the extension may.
    pub(crate) fn allows(&self, uses: &[KeyUse]) -> bool {
        self.key_use.is_none_or(|bits| uses.iter().any(|one| bits & *one as u16 != 0))
    }

    /// Says whether it has one of these purposes among those that it names.
    pub(crate) fn names_purpose(&self, wanted: &[&[u8]]) -> bool {
        let named = self.purposes.as_ref().map(|(named, _)| named.as_slice()).unwrap_or_default();
        named.iter().any(|purpose| wanted.contains(&purpose.as_slice()))
    }

    /// Says whether it is a CA's.
    pub(crate) fn is_authority(&self) -> bool {
        self.basic.is_some_and(|(is_authority, _)| is_authority)
    }
}
