//! Public keys, as certificates hold them.

use crate::verify::asn1::{BIT_STRING, Element, INTEGER, OID, SEQUENCE, dotted};

/// A public key that signatures are checked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// Modulus and exponent, without zeros in front.
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// A point, as SEC 1 writes it.
    Curve {
        curve: Curve,
        point: Vec<u8>,
    },
    Ed25519(Vec<u8>),
    /// An algorithm or a curve that is not known here, by its object identifier; with the length of the key if that
    /// says how strong it is.
    Other {
        name: String,
        bits: Option<usize>,
    },
}

/// A curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
    Sm2,
}

const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
const DSA: &[u8] = b"\x2a\x86\x48\xce\x38\x04\x01";
const ED25519: &[u8] = b"\x2b\x65\x70";

impl Curve {
    /// Returns the curve of this object identifier.
    pub(crate) fn of(oid: &[u8]) -> Option<Curve> {
        Some(match oid {
            b"\x2a\x86\x48\xce\x3d\x03\x01\x07" => Curve::P256,
            b"\x2b\x81\x04\x00\x22" => Curve::P384,
            b"\x2b\x81\x04\x00\x23" => Curve::P521,
            b"\x2a\x81\x1c\xcf\x55\x01\x82\x2d" => Curve::Sm2,
            _ => return None,
        })
    }

    /// Returns its name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Curve::P256 => "P-256",
            Curve::P384 => "P-384",
            Curve::P521 => "P-521",
            Curve::Sm2 => "SM2",
        }
    }

    /// Returns the length of its field in bytes.
    pub(crate) fn length(self) -> usize {
        match self {
            Curve::P256 | Curve::Sm2 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }

    fn bits(self) -> usize {
        if self == Curve::P521 { 521 } else { self.length() * 8 }
    }
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo.
    pub(crate) fn read(info: &Element<'_>) -> Option<PublicKey> {
        let mut fields = info.inside();
        let mut algorithm = fields.tagged(SEQUENCE)?.inside();
        let oid = algorithm.tagged(OID)?.content;
        let parameters = algorithm.next();
        let bits = fields.tagged(BIT_STRING)?.bits()?;
        Some(match oid {
            RSA | RSA_PSS => rsa(bits)?,
            ED25519 => PublicKey::Ed25519(bits.to_vec()),
            EC => match parameters.filter(|named| named.tag == OID) {
                Some(named) => match Curve::of(named.content) {
                    Some(curve) => PublicKey::Curve { curve, point: bits.to_vec() },
                    None => PublicKey::Other { name: dotted(named.content), bits: None },
                },
                None => PublicKey::Other { name: dotted(oid), bits: None },
            },
            DSA => {
                let prime = parameters.and_then(|parameters| parameters.inside().tagged(INTEGER));
                let bits = prime.as_ref().and_then(Element::unsigned).map(bits_of);
                PublicKey::Other { name: "dsa".to_owned(), bits }
            }
            oid => PublicKey::Other { name: dotted(oid), bits: None },
        })
    }

    /// Returns the kind of key for reports.
    pub(crate) fn kind(&self) -> &str {
        match self {
            PublicKey::Rsa { .. } => "rsa",
            PublicKey::Curve { curve: Curve::Sm2, .. } => "sm2",
            PublicKey::Curve { .. } => "ec",
            PublicKey::Ed25519(_) => "ed25519",
            PublicKey::Other { name, .. } => name,
        }
    }

    /// Returns how many bits make the key strong.
    pub(crate) fn bits(&self) -> Option<usize> {
        match self {
            PublicKey::Rsa { modulus, .. } => Some(bits_of(modulus)),
            PublicKey::Curve { curve, .. } => Some(curve.bits()),
            PublicKey::Ed25519(_) => Some(256),
            PublicKey::Other { bits, .. } => *bits,
        }
    }

    /// Returns about how long checking a signature takes, in nanoseconds.
    pub(crate) fn cost(&self) -> usize {
        match self {
            PublicKey::Rsa { modulus, exponent } => {
                super::rsa::work(modulus, exponent).saturating_add(10_000)
            }
            PublicKey::Curve { curve, .. } => curve.bits() * 2_000,
            _ => 100_000,
        }
    }

    /// Returns the name of its curve.
    pub(crate) fn curve(&self) -> Option<&'static str> {
        match self {
            PublicKey::Curve { curve, .. } => Some(curve.name()),
            _ => None,
        }
    }
}

/// Counts the bits of a number without zeros in front.
pub(crate) fn bits_of(digits: &[u8]) -> usize {
    let first = digits.first().map_or(0, |first| first.leading_zeros() as usize);
    digits.len() * 8 - first
}

fn rsa(bits: &[u8]) -> Option<PublicKey> {
    let mut numbers = Element::of(bits, SEQUENCE)?.inside();
    let mut number = || Some(numbers.tagged(INTEGER)?.unsigned()?.to_vec());
    Some(PublicKey::Rsa { modulus: number()?, exponent: number()? })
}
