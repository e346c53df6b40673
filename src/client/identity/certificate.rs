//! What the library needs to know of a certificate: whose it is, its key, and when it is valid.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::time::ASN1Time;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::protocol::hex;

/// The public facts of a client certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    /// Hex, lower case, without separators.
    pub(crate) serial: String,
    /// Seconds since 1970.
    pub(crate) not_before: i64,
    /// Seconds since 1970.
    pub(crate) not_after: i64,
    /// SHA-256 of the SubjectPublicKeyInfo, hex: what the platform has registered (P-3).
    pub(crate) spki_sha256: String,
    /// False when the certificate names its purposes and client authentication is none of them.
    pub(crate) for_clients: bool,
}

/// One parsed certificate with its DER.
#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) der: Vec<u8>,
    pub(crate) facts: Facts,
    /// The key's bits alone: the same key may be described in two ways.
    pub(crate) key_bits: Vec<u8>,
    /// The curve's OID as DER, for an elliptic-curve key.
    pub(crate) curve: Option<Vec<u8>>,
    raw_subject: Vec<u8>,
    raw_issuer: Vec<u8>,
}

impl Certificate {
    /// Parses a DER certificate.
    pub(crate) fn parse(der: &[u8]) -> Option<Certificate> {
        let (_, parsed) = X509Certificate::from_der(der).ok()?;
        let key = parsed.public_key();
        let purposes = parsed.extended_key_usage().ok().flatten();
        Some(Certificate {
            der: der.to_vec(),
            facts: Facts {
                subject: parsed.subject().to_string(),
                issuer: parsed.issuer().to_string(),
                serial: hex::encode(parsed.raw_serial()),
                not_before: parsed.validity().not_before.timestamp(),
                not_after: parsed.validity().not_after.timestamp(),
                spki_sha256: hex::encode(&Sha256::digest(key.raw)),
                for_clients: purposes.is_none_or(|usage| usage.value.any || usage.value.client_auth),
            },
            key_bits: key.subject_public_key.data.to_vec(),
            curve: key
                .algorithm
                .parameters
                .as_ref()
                .and_then(|parameters| parameters.as_oid().ok())
                .map(|oid| oid.as_bytes().to_vec()),
            raw_subject: parsed.subject().as_raw().to_vec(),
            raw_issuer: parsed.issuer().as_raw().to_vec(),
        })
    }

    fn self_issued(&self) -> bool {
        self.raw_subject == self.raw_issuer
    }

    /// Returns the certificates from this one up to, but without, the root, out of those given.
    pub(crate) fn chain<'a>(&'a self, others: &'a [Certificate]) -> Vec<&'a Certificate> {
        let mut chain = vec![self];
        let mut last = self;
        while !last.self_issued() && chain.len() <= others.len() {
            let above =
                others.iter().find(|other| other.raw_subject == last.raw_issuer && !other.self_issued());
            let Some(above) = above.filter(|above| chain.iter().all(|known| known.der != above.der)) else {
                break;
            };
            chain.push(above);
            last = above;
        }
        chain
    }
}

impl Facts {
    /// Returns them as they cross the C ABI.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "subject": self.subject,
            "issuer": self.issuer,
            "serial": self.serial,
            "not_before": rfc3339(self.not_before),
            "not_after": rfc3339(self.not_after),
            "spki_sha256": self.spki_sha256,
        })
    }
}

/// Returns the key's bits of a DER SubjectPublicKeyInfo.
pub(crate) fn key_bits(spki: &[u8]) -> Option<Vec<u8>> {
    let (_, parsed) = SubjectPublicKeyInfo::from_der(spki).ok()?;
    Some(parsed.subject_public_key.data.to_vec())
}

/// Writes a time as `2026-11-24T20:29:00Z`.
pub(crate) fn rfc3339(seconds: i64) -> String {
    let Ok(time) = ASN1Time::from_timestamp(seconds) else { return String::new() };
    let time = time.to_datetime();
    let (date, (hour, minute, second)) = (time.date(), time.to_hms());
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
