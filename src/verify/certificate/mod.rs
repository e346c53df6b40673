//! Certificates, as they stand in signatures. Own reading, because old ones bend DER and are no less certificates, and
//! because a chain is judged by extensions that must not be overlooked.

mod extensions;
mod name;

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::algorithms::{Outcome, PublicKey, Scheme, check};
use super::asn1::{BIT_STRING, Element, INTEGER, Reader, SEQUENCE, Timed, context, time};
use crate::protocol::hex;

pub(crate) use extensions::{Extensions, KeyUse};
pub(crate) use name::{
    Attribute, UNREADABLE, attributes, common_name, display, shown, starts_with as name_starts_with,
};

/// Longest certificate that is read, in bytes.
const MAX_LENGTH: usize = 1 << 20;

/// A certificate.
#[derive(Clone, Debug)]
pub(crate) struct Certificate(Arc<Parsed>);

#[derive(Debug)]
struct Parsed {
    der: Vec<u8>,
    fingerprint: [u8; 32],
    parts: Parts,
}

/// What is read of a certificate; names are their DER.
#[derive(Debug)]
pub(crate) struct Parts {
    /// What the issuer has signed.
    body: std::ops::Range<usize>,
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: Timed,
    pub(crate) not_after: Timed,
    /// The bits of the key in SubjectPublicKeyInfo.
    pub(crate) key_bits: Vec<u8>,
    pub(crate) key: PublicKey,
    pub(crate) scheme: Scheme,
    signature: Vec<u8>,
    pub(crate) extensions: Extensions,
}

impl std::ops::Deref for Certificate {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Certificate) -> bool {
        self.0.fingerprint == other.0.fingerprint
    }
}

impl Certificate {
    /// Reads a certificate; what follows it is left out.
    pub(crate) fn read(bytes: &[u8]) -> Option<Certificate> {
        let whole = Element::of(bytes, SEQUENCE).filter(|whole| whole.whole.len() <= MAX_LENGTH)?;
        let parts = read(&whole)?;
        let der = whole.whole.to_vec();
        let fingerprint = Sha256::digest(&der).into();
        Some(Certificate(Arc::new(Parsed { der, fingerprint, parts })))
    }

    /// Returns its bytes.
    pub(crate) fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// Returns the SHA-256 of its bytes, in hexadecimal digits.
    pub(crate) fn sha256(&self) -> String {
        hex::encode(&self.0.fingerprint)
    }

    /// Says whether this key has signed it.
    pub(crate) fn signed_by(&self, key: &PublicKey) -> Outcome {
        let body = self.der().get(self.body.clone()).unwrap_or_default();
        check(key, &self.scheme, None, &[body].into(), &self.signature)
    }

    /// Says whether it names itself as its issuer.
    pub(crate) fn is_self_issued(&self) -> bool {
        name::same(&self.issuer, &self.subject)
    }

    /// Says whether this name is its subject's.
    pub(crate) fn has_subject(&self, name: &[u8]) -> bool {
        name::same(&self.subject, name)
    }

    /// Says whether this name is its issuer's.
    pub(crate) fn has_issuer(&self, name: &[u8]) -> bool {
        name::same(&self.issuer, name)
    }

    /// Says whether this time lies within its validity.
    pub(crate) fn is_valid_at(&self, time: Timed) -> bool {
        (self.not_before..=self.not_after).contains(&time)
    }
}

fn read(whole: &Element<'_>) -> Option<Parts> {
    let mut fields = whole.inside();
    let body = fields.tagged(SEQUENCE)?;
    let scheme = Scheme::read(&fields.tagged(SEQUENCE)?)?;
    let signature = fields.tagged(BIT_STRING)?.bits()?.to_vec();
    let start = body.whole.as_ptr().addr().checked_sub(whole.whole.as_ptr().addr())?;
    let body_range = start..start + body.whole.len();
    let mut fields = body.inside();
    fields.tagged(context(0));
    let serial = fields.tagged(INTEGER)?.content.to_vec();
    fields.tagged(SEQUENCE)?;
    let issuer = fields.tagged(SEQUENCE)?.whole.to_vec();
    let mut validity = fields.tagged(SEQUENCE)?.inside();
    let (not_before, not_after) = (time(&validity.next()?)?, time(&validity.next()?)?);
    let subject = fields.tagged(SEQUENCE)?.whole.to_vec();
    let key_info = fields.tagged(SEQUENCE)?;
    let key = PublicKey::read(&key_info)?;
    let key_bits = key_info.inside().nth(1)?.bits()?.to_vec();
    let extensions = extensions_of(fields)?;
    Some(Parts {
        body: body_range,
        serial,
        issuer,
        subject,
        not_before,
        not_after,
        key_bits,
        key,
        scheme,
        signature,
        extensions,
    })
}

fn extensions_of(fields: Reader<'_>) -> Option<Extensions> {
    let held = fields.filter(|field| field.tag == context(3)).last();
    held.map_or_else(|| Some(Extensions::default()), |held| Extensions::read(&held))
}
