//! What a signature algorithm's name says, and whether a signature is right by it.

use super::curve;
use super::hash::Hash;
use super::key::{Curve, PublicKey};
use super::message::Message;
use super::rsa::{self, RsaError};
use crate::protocol::Bilingual;
use crate::verify::asn1::{Element, INTEGER, OID, SEQUENCE, context, dotted};

/// Longest message that Ed25519 is checked over: it has to be copied.
const MAX_MESSAGE: usize = 64 << 20;

const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";

/// A way to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// PKCS#1 v1.5, with the hash that is named elsewhere: `rsaEncryption`.
    PlainRsa,
    /// On this curve, or that of the key, with the hash that is named elsewhere: some name the curve, or the kind of key.
    Curve(Option<Curve>),
    /// PKCS#1 v1.5.
    Rsa(Hash),
    Pss {
        hash: Hash,
        mask_hash: Hash,
        salt: usize,
    },
    Ecdsa(Hash),
    Ed25519,
    Sm2,
    /// Not known here, by its object identifier.
    Other(String),
}

/// Whether a signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Right,
    Wrong,
    /// Nobody here can say, for this reason.
    Unsupported(Bilingual),
}

impl Scheme {
    /// Reads an AlgorithmIdentifier.
    pub(crate) fn read(algorithm: &Element<'_>) -> Option<Scheme> {
        let mut fields = algorithm.inside();
        let oid = fields.tagged(OID)?.content;
        let curve = || match (oid, Curve::of(oid)) {
            (EC, _) => Some(Scheme::Curve(None)),
            (_, curve) => curve.map(|curve| Scheme::Curve(Some(curve))),
        };
        let named = Scheme::named(oid).or_else(|| pss(oid, fields.next())).or_else(curve);
        Some(named.unwrap_or_else(|| Scheme::Other(dotted(oid))))
    }

    fn named(oid: &[u8]) -> Option<Scheme> {
        if let Some(last) = oid.strip_prefix(b"\x2a\x86\x48\x86\xf7\x0d\x01\x01") {
            return Some(match last {
                [1] => Scheme::PlainRsa,
                [4] => Scheme::Rsa(Hash::Md5),
                [5] => Scheme::Rsa(Hash::Sha1),
                [11] => Scheme::Rsa(Hash::Sha256),
                [12] => Scheme::Rsa(Hash::Sha384),
                [13] => Scheme::Rsa(Hash::Sha512),
                [14] => Scheme::Rsa(Hash::Sha224),
                _ => return None,
            });
        }
        if let Some(last) = oid.strip_prefix(b"\x2a\x86\x48\xce\x3d\x04") {
            return Some(match last {
                [1] => Scheme::Ecdsa(Hash::Sha1),
                [3, 1] => Scheme::Ecdsa(Hash::Sha224),
                [3, 2] => Scheme::Ecdsa(Hash::Sha256),
                [3, 3] => Scheme::Ecdsa(Hash::Sha384),
                [3, 4] => Scheme::Ecdsa(Hash::Sha512),
                _ => return None,
            });
        }
        if let Some(last) = oid.strip_prefix(b"\x60\x86\x48\x01\x65\x03\x04\x03") {
            return Some(match last {
                [9] => Scheme::Ecdsa(Hash::Sha3_224),
                [10] => Scheme::Ecdsa(Hash::Sha3_256),
                [11] => Scheme::Ecdsa(Hash::Sha3_384),
                [12] => Scheme::Ecdsa(Hash::Sha3_512),
                [13] => Scheme::Rsa(Hash::Sha3_224),
                [14] => Scheme::Rsa(Hash::Sha3_256),
                [15] => Scheme::Rsa(Hash::Sha3_384),
                [16] => Scheme::Rsa(Hash::Sha3_512),
                _ => return None,
            });
        }
        Some(match oid {
            // An older name of SHA-1 with RSA.
            b"\x2b\x0e\x03\x02\x1d" => Scheme::Rsa(Hash::Sha1),
            b"\x2b\x65\x70" => Scheme::Ed25519,
            // SM2 with SM3; SM2; its signatures: the standard's names, and the curve's itself.
            b"\x2a\x81\x1c\xcf\x55\x01\x83\x75" | b"\x2a\x81\x1c\xcf\x55\x01\x82\x2d\x01" => Scheme::Sm2,
            // The RSA of the Chinese standard with SM3.
            b"\x2a\x81\x1c\xcf\x55\x01\x83\x78" => Scheme::Rsa(Hash::Sm3),
            _ => return None,
        })
    }

    /// Returns the hash that it names itself.
    pub(crate) fn hash(&self) -> Option<Hash> {
        match self {
            Scheme::Rsa(hash) | Scheme::Pss { hash, .. } | Scheme::Ecdsa(hash) => Some(*hash),
            Scheme::Sm2 => Some(Hash::Sm3),
            Scheme::Ed25519 | Scheme::PlainRsa | Scheme::Curve(_) | Scheme::Other(_) => None,
        }
    }

    /// Returns its name for reports.
    pub(crate) fn name(&self, key: Option<&PublicKey>) -> String {
        match (self, key) {
            (Scheme::Rsa(_) | Scheme::PlainRsa, _) => "rsa_pkcs1".to_owned(),
            (Scheme::Pss { .. }, _) => "rsa_pss".to_owned(),
            (Scheme::Sm2, _) | (_, Some(PublicKey::Curve { curve: Curve::Sm2, .. })) => "sm2".to_owned(),
            (Scheme::Ecdsa(_) | Scheme::Curve(_), _) => "ecdsa".to_owned(),
            (Scheme::Ed25519, _) => "ed25519".to_owned(),
            (Scheme::Other(name), _) => name.clone(),
        }
    }
}

/// Reads the parameters of PSS; what is left out has the standard's defaults.
fn pss(oid: &[u8], parameters: Option<Element<'_>>) -> Option<Scheme> {
    if oid != b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a" {
        return None;
    }
    let (mut hash, mut mask_hash, mut salt) = (Hash::Sha1, Hash::Sha1, 20);
    let algorithm = |held: &Element<'_>| -> Option<(Vec<u8>, Option<Hash>)> {
        let mut fields = Element::of(held.content, SEQUENCE)?.inside();
        let oid = fields.tagged(OID)?.content.to_vec();
        let within = fields.next().and_then(|within| Hash::of(within.inside().tagged(OID)?.content));
        Some((oid, within))
    };
    for held in parameters.into_iter().flat_map(|parameters| parameters.inside()) {
        let other = || Scheme::Other(format!("{} (PSS)", dotted(oid)));
        match held.tag {
            tag if tag == context(0) => match algorithm(&held).and_then(|(oid, _)| Hash::of(&oid)) {
                Some(found) => hash = found,
                None => return Some(other()),
            },
            tag if tag == context(1) => match algorithm(&held) {
                // Masks are made by MGF1, and nothing else is in use.
                Some((oid, Some(found))) if oid == b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08" => {
                    mask_hash = found
                }
                _ => return Some(other()),
            },
            tag if tag == context(2) => {
                let length = Element::of(held.content, INTEGER)?.small()?;
                salt = usize::try_from(length).ok()?;
            }
            _ => {}
        }
    }
    Some(Scheme::Pss { hash, mask_hash, salt })
}

/// Checks a signature over a message; `hash` is the one that is named beside it.
pub(crate) fn check(
    key: &PublicKey,
    scheme: &Scheme,
    hash: Option<Hash>,
    message: &Message<'_>,
    signature: &[u8],
) -> Outcome {
    let right = |right: bool| if right { Outcome::Right } else { Outcome::Wrong };
    let by = scheme.hash().or(hash);
    match (scheme, key) {
        (Scheme::Other(name), _) => unsupported("the signature algorithm", "签名算法", name),
        (_, PublicKey::Other { name, .. }) => unsupported("the kind of key", "密钥类型", name),
        (Scheme::Rsa(_) | Scheme::PlainRsa, PublicKey::Rsa { modulus, exponent }) => {
            let Some(hash) = by else { return no_hash() };
            let digest = message.digest(hash);
            of_rsa(rsa::pkcs1((modulus, exponent), hash, &digest, signature))
        }
        (&Scheme::Pss { hash, mask_hash, salt }, PublicKey::Rsa { modulus, exponent }) => {
            let digest = message.digest(hash);
            let hashes = (hash, mask_hash);
            of_rsa(rsa::pss((modulus, exponent), hashes, Some(salt), &digest, signature))
        }
        // Some name ECDSA, or the curve, with a key of SM2: it signs by SM2 all the same.
        (
            Scheme::Sm2 | Scheme::Ecdsa(_) | Scheme::Curve(None | Some(Curve::Sm2)),
            PublicKey::Curve { curve: Curve::Sm2, point },
        ) => right(curve::sm2(point, message.pieces(), signature).is_some()),
        (Scheme::Curve(Some(named)), PublicKey::Curve { curve, .. }) if named != curve => Outcome::Wrong,
        (Scheme::Ecdsa(_) | Scheme::Curve(_), PublicKey::Curve { curve, point }) => {
            let Some(hash) = by else { return no_hash() };
            right(curve::ecdsa(*curve, point, &message.digest(hash), signature).is_some())
        }
        (Scheme::Ed25519, PublicKey::Ed25519(point)) => {
            if message.length() > MAX_MESSAGE {
                return unsupported("the length of what is signed", "签名内容的长度", "Ed25519");
            }
            let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, point);
            right(key.verify(&message.pieces().concat(), signature).is_ok())
        }
        // The key cannot have made such a signature.
        _ => Outcome::Wrong,
    }
}

fn of_rsa(result: Result<(), RsaError>) -> Outcome {
    match result {
        Ok(()) => Outcome::Right,
        Err(RsaError::Wrong) => Outcome::Wrong,
        Err(RsaError::Size) => unsupported("the size of the key", "密钥长度", "RSA"),
    }
}

fn no_hash() -> Outcome {
    Outcome::Unsupported(Bilingual::fixed("the hash algorithm is not known here", "不支持该摘要算法"))
}

fn unsupported(en: &str, zh: &str, name: &str) -> Outcome {
    Outcome::Unsupported(Bilingual::new(
        format!("{en} is not known here ({name})"),
        format!("不支持该{zh}（{name}）"),
    ))
}
