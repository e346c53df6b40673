//! One signer of a SignedData, and its attributes.

use std::borrow::Cow;

use super::SignerId;
use crate::verify::algorithms::{Hash, Scheme};
use crate::verify::asn1::{
    Element, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE, SET, Timed, context, dotted, time,
};
use crate::verify::certificate::Certificate;

pub(super) const CONTENT_TYPE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
pub(super) const MESSAGE_DIGEST: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
const SIGNING_TIME: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05";
const SIGNING_CERTIFICATE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0c";
const SIGNING_CERTIFICATE_V2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f";

/// A signer.
#[derive(Debug)]
pub(crate) struct SignerInfo<'a> {
    pub(super) id: SignerId<'a>,
    /// The hash that it names, if that is known here, and its object identifier.
    pub(crate) hash: Option<Hash>,
    pub(crate) hash_name: String,
    /// The signed attributes, as they stand.
    pub(super) signed: Option<Element<'a>>,
    pub(crate) scheme: Scheme,
    pub(crate) signature: Cow<'a, [u8]>,
    unsigned: Option<Element<'a>>,
}

/// Whose certificate the attribute `signing-certificate` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    It,
    Another,
    /// By a hash that is not known here.
    Unknown,
}

/// What is found of an attribute that may stand there once, with one value.
pub(super) enum Once<'a> {
    Absent,
    There(Element<'a>),
    /// More than once, or with several values.
    Ambiguous,
}

impl<'a> SignerInfo<'a> {
    pub(super) fn read(signer: &Element<'a>) -> Option<SignerInfo<'a>> {
        let mut fields = signer.inside();
        fields.tagged(INTEGER)?;
        let id = SignerId::read(&mut fields)?;
        let named = fields.tagged(SEQUENCE)?.inside().tagged(OID)?.content;
        let hash = Hash::of(named);
        let signed = fields.tagged(context(0));
        let scheme = Scheme::read(&fields.tagged(SEQUENCE)?)?;
        let signature = fields.next().filter(|held| matches!(held.tag, OCTET_STRING | 0x24))?.octets()?;
        let hash_name = hash.map_or_else(|| dotted(named), |hash| hash.name().to_owned());
        Some(SignerInfo {
            id,
            hash,
            hash_name,
            signed,
            scheme,
            signature,
            unsigned: fields.tagged(context(1)),
        })
    }

    /// Returns the bytes that the signature is over, if there are signed attributes: their own tag stands for a set's.
    pub(super) fn signed_bytes(&self) -> Option<[&'a [u8]; 2]> {
        let signed = self.signed.as_ref()?;
        Some([&[SET], signed.whole.get(1..)?])
    }

    /// Returns a signed attribute that may stand there once.
    pub(super) fn once(&self, oid: &[u8]) -> Once<'a> {
        let mut found = values(self.signed.as_ref(), oid);
        match (found.next(), found.next()) {
            (None, _) => Once::Absent,
            (Some(value), None) => Once::There(value),
            (Some(_), Some(_)) => Once::Ambiguous,
        }
    }

    /// Returns the first value of a signed attribute.
    pub(crate) fn attribute(&self, oid: &[u8]) -> Option<Element<'a>> {
        values(self.signed.as_ref(), oid).next()
    }

    /// Returns the first value of an attribute that is not signed.
    pub(crate) fn unsigned_attribute(&self, oid: &[u8]) -> Option<Element<'a>> {
        self.unsigned_attributes(oid).next()
    }

    /// Returns every value of an attribute that is not signed.
    pub(crate) fn unsigned_attributes(&self, oid: &[u8]) -> impl Iterator<Item = Element<'a>> + use<'a> {
        values(self.unsigned.as_ref(), oid)
    }

    /// Returns the time that the signer claims.
    pub(crate) fn signing_time(&self) -> Option<Timed> {
        time(&self.attribute(SIGNING_TIME)?)
    }

    /// Says whether the attribute that names the signer's certificate names this one; `None` if there is no such
    /// attribute.
    pub(super) fn names(&self, certificate: &Certificate) -> Option<Named> {
        let second = self.attribute(SIGNING_CERTIFICATE_V2).map(|held| (held, Hash::Sha256));
        let first = || self.attribute(SIGNING_CERTIFICATE).map(|held| (held, Hash::Sha1));
        let (held, default) = second.or_else(first)?;
        Some(named(&held, default, certificate).unwrap_or(Named::Another))
    }
}

fn named(held: &Element<'_>, default: Hash, certificate: &Certificate) -> Option<Named> {
    let mut first = held.inside().tagged(SEQUENCE)?.inside().tagged(SEQUENCE)?.inside();
    let hash = match first.tagged(SEQUENCE) {
        Some(algorithm) => Hash::of(algorithm.inside().tagged(OID)?.content),
        None => Some(default),
    };
    let Some(hash) = hash else { return Some(Named::Unknown) };
    let named = first.tagged(OCTET_STRING)?.content;
    Some(if hash.digest(&[certificate.der()]) == named { Named::It } else { Named::Another })
}

/// Returns the values of all attributes of this kind.
fn values<'a>(held: Option<&Element<'a>>, oid: &[u8]) -> impl Iterator<Item = Element<'a>> + use<'a> {
    let oid = oid.to_vec();
    let attributes = held.map_or(Reader::new(&[]), Element::inside).take(super::MAX_ENTRIES);
    attributes.flat_map(move |attribute| {
        let mut fields = attribute.inside();
        let is_wanted = fields.tagged(OID).is_some_and(|kind| kind.content == oid);
        let set = if is_wanted { fields.tagged(SET) } else { None };
        set.map_or(Reader::new(&[]), |set| set.inside())
    })
}
