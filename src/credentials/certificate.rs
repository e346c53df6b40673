//! What the library needs to know of a certificate: whose it is, its key, and when it is valid.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, ParsedExtension, X509Certificate};
use x509_parser::time::ASN1Time;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::Purpose;
use super::der::{SEQUENCE, children, inside};
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
    /// False when the certificate names the uses of its key and signatures are none of them: the encryption certificate of
    /// a pair.
    pub(crate) signs: bool,
    /// False when the certificate names its purposes and client authentication is none of them.
    pub(crate) for_clients: bool,
    /// The same of servers.
    pub(crate) for_servers: bool,
}

/// One parsed certificate with its DER.
#[derive(Clone)]
pub(super) struct Certificate {
    pub(super) der: Vec<u8>,
    pub(super) facts: Facts,
    /// The key's bits alone: the same key may be described in two ways.
    pub(super) key_bits: Vec<u8>,
    /// The curve's OID as DER, for an elliptic-curve key.
    pub(super) curve: Option<Vec<u8>>,
    raw_subject: Vec<u8>,
    raw_issuer: Vec<u8>,
    signed: Signed,
    /// The SubjectPublicKeyInfo, as DER.
    spki: Vec<u8>,
    /// The algorithm of the key, as the content of its DER.
    key_algorithm: Vec<u8>,
    /// The key identifiers of the issuer and of the certificate itself.
    authority_key: Option<Vec<u8>>,
    subject_key: Option<Vec<u8>>,
}

/// What the issuer has signed, and the signature.
#[derive(Clone)]
struct Signed {
    body: Vec<u8>,
    /// The content of its DER.
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl Certificate {
    /// Parses a DER certificate; what follows it, as in OpenSSL's trusted certificates, is left out.
    pub(super) fn parse(der: &[u8]) -> Option<Certificate> {
        let (rest, parsed) = X509Certificate::from_der(der).ok()?;
        let der = der.get(..der.len() - rest.len())?;
        let signed = children(inside(der, SEQUENCE)?);
        let [body, algorithm, _] = signed.as_slice() else { return None };
        let key = parsed.public_key();
        let uses = parsed.key_usage().ok().flatten();
        let purposes = parsed.extended_key_usage().ok().flatten().map(|purposes| purposes.value);
        let mut identifiers = (None, None);
        for extension in parsed.extensions() {
            match extension.parsed_extension() {
                ParsedExtension::AuthorityKeyIdentifier(named) => {
                    identifiers.0 = named.key_identifier.as_ref().map(|id| id.0.to_vec());
                }
                ParsedExtension::SubjectKeyIdentifier(id) => identifiers.1 = Some(id.0.to_vec()),
                _ => {}
            }
        }
        Some(Certificate {
            der: der.to_vec(),
            facts: Facts {
                subject: parsed.subject().to_string(),
                issuer: parsed.issuer().to_string(),
                serial: hex::encode(parsed.raw_serial()),
                not_before: parsed.validity().not_before.timestamp(),
                not_after: parsed.validity().not_after.timestamp(),
                spki_sha256: hex::encode(&Sha256::digest(key.raw)),
                signs: uses.is_none_or(|uses| uses.value.digital_signature()),
                for_clients: purposes.is_none_or(|purposes| purposes.any || purposes.client_auth),
                for_servers: purposes.is_none_or(|purposes| purposes.any || purposes.server_auth),
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
            signed: Signed {
                body: body.whole.to_vec(),
                algorithm: algorithm.content.to_vec(),
                signature: parsed.signature_value.data.to_vec(),
            },
            spki: key.raw.to_vec(),
            key_algorithm: inside(inside(key.raw, SEQUENCE)?, SEQUENCE)?.to_vec(),
            authority_key: identifiers.0,
            subject_key: identifiers.1,
        })
    }

    /// Returns the DER of its SubjectPublicKeyInfo.
    pub(super) fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Tells whether another certificate is the one that issued this: `None` when it is not, and the more certain the
    /// greater. The signature tells where its algorithm is known, else the key identifiers, else the name alone.
    fn issued_by(&self, issuer: &Certificate) -> Option<u8> {
        if self.raw_issuer != issuer.raw_subject {
            return None;
        }
        let known = rustls::crypto::ring::default_provider().signature_verification_algorithms.all;
        let fitting = known.iter().find(|algorithm| {
            *algorithm.signature_alg_id() == *self.signed.algorithm
                && *algorithm.public_key_alg_id() == *issuer.key_algorithm
        });
        if let Some(algorithm) = fitting {
            let Signed { body, signature, .. } = &self.signed;
            return algorithm.verify_signature(&issuer.key_bits, body, signature).is_ok().then_some(2);
        }
        match (&self.authority_key, &issuer.subject_key) {
            (Some(named), Some(own)) => (named == own).then_some(1),
            _ => Some(0),
        }
    }

    fn self_issued(&self) -> bool {
        self.raw_subject == self.raw_issuer
    }

    /// Returns the certificates from this one up to, but without, the root, out of those given. Of several certificates of
    /// one issuer the one that is valid at this time counts, then the one that is valid longest.
    pub(super) fn chain<'a>(&'a self, others: &'a [Certificate], now: i64) -> Vec<&'a Certificate> {
        let mut chain = vec![self];
        let mut last = self;
        while !last.self_issued() {
            let known = |other: &Certificate| chain.iter().any(|known| known.der == other.der);
            let above = others.iter().filter(|other| !other.self_issued() && !known(other));
            let above = above.filter_map(|other| Some((last.issued_by(other)?, other)));
            let above = above.max_by_key(|(certainty, other)| {
                (*certainty, other.facts.is_valid(now), other.facts.not_after)
            });
            let Some((_, above)) = above else { break };
            chain.push(above);
            last = above;
        }
        chain
    }
}

impl Facts {
    /// Reads those of a certificate in DER.
    pub(crate) fn of(der: &[u8]) -> Option<Facts> {
        Some(Certificate::parse(der)?.facts)
    }

    /// Tells whether this time lies within its validity.
    pub(super) fn is_valid(&self, now: i64) -> bool {
        (self.not_before..=self.not_after).contains(&now)
    }

    /// Tells whether its purposes, if it names any, include this one.
    pub(super) fn serves(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Client => self.for_clients,
            Purpose::Server => self.for_servers,
        }
    }

    /// Returns which certificate it is, for people who have several.
    pub(super) fn named(&self) -> String {
        format!("{} (serial {}, {})", self.subject, self.serial, rfc3339(self.not_after))
    }

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
pub(super) fn key_bits(spki: &[u8]) -> Option<Vec<u8>> {
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
