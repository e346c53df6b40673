//! Signatures on elliptic curves.

use ecdsa::signature::hazmat::PrehashVerifier;
use sm2::dsa::signature::MultipartVerifier;

use super::key::Curve;
use crate::verify::asn1::{Element, INTEGER, SEQUENCE};

/// The identity that everybody signs as by SM2, unless another is agreed upon.
const SM2_IDENTITY: &str = "1234567812345678";

/// Checks an ECDSA signature over this digest.
pub(crate) fn ecdsa(curve: Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let length = curve.length();
    let (r, s) = numbers(signature, length)?;
    // A short digest counts as the number that it is; so it does with zeros in front.
    let mut padded = vec![0; length.saturating_sub(digest.len())];
    padded.extend_from_slice(digest);
    macro_rules! check {
        ($curve:ident) => {{
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            let signature = $curve::ecdsa::Signature::from_slice(&[r, s].concat()).ok()?;
            key.verify_prehash(&padded, &signature).ok()
        }};
    }
    match curve {
        Curve::P256 => check!(p256),
        Curve::P384 => check!(p384),
        Curve::P521 => check!(p521),
        Curve::Sm2 => None,
    }
}

/// Checks an SM2 signature over this message.
pub(crate) fn sm2(point: &[u8], message: &[&[u8]], signature: &[u8]) -> Option<()> {
    let (r, s) = numbers(signature, Curve::Sm2.length())?;
    let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTITY, point).ok()?;
    let signature = sm2::dsa::Signature::from_slice(&[r, s].concat()).ok()?;
    key.multipart_verify(message, &signature).ok()
}

/// Reads the two numbers of a signature, and writes each as long as the field.
fn numbers(signature: &[u8], length: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut numbers = Element::of(signature, SEQUENCE)?.inside();
    let mut number = || {
        let found = numbers.tagged(INTEGER)?;
        let digits = found.unsigned()?;
        let mut padded = vec![0; length.checked_sub(digits.len())?];
        padded.extend_from_slice(digits);
        Some(padded)
    };
    Some((number()?, number()?))
}
