//! What kind of key it is that TLS cannot sign with: said to who has to make another.

use super::der::{CONTEXT_0, Element, INTEGER, OCTET_STRING, OID, SEQUENCE, children, inside};

/// Algorithms and curves by the bytes of their object identifiers. A row whose bytes are the beginning of others' stands
/// for all of them.
const NAMES: [(&[u8], &str); 11] = [
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], "EC P-521"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x21], "EC P-224"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x0a], "EC secp256k1"),
    (&[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d], "SM2"),
    (&[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01], "EC brainpool"),
    (&[0x2b, 0x65, 0x71], "Ed448"),
    (&[0x2b, 0x65, 0x6e], "X25519"),
    (&[0x2b, 0x65, 0x6f], "X448"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01], "DSA"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a], "RSASSA-PSS"),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04], "ML-DSA / SLH-DSA"),
];

/// The word for an elliptic-curve key whose curve is not named but written out.
pub(super) const EXPLICIT: &str = "EC, explicit parameters";

/// Returns what kind of key PKCS#8, PKCS#1 or SEC1 holds, e.g. `RSA, 6144 bits, e = 65537`, as far as it is known.
pub(super) fn of(der: &[u8]) -> Option<String> {
    let fields = inside(der, SEQUENCE).map(children)?;
    match fields.as_slice() {
        [_, algorithm, key, ..] if algorithm.tag == SEQUENCE && key.tag == OCTET_STRING => {
            let named = children(algorithm.content);
            name(&named).or_else(|| explicit(&named)).or_else(|| of(key.content))
        }
        // RSA has nine numbers, DSA six.
        [_, modulus, exponent, _, _, _, _, ..] if exponent.tag == INTEGER => {
            Some(rsa(modulus.content, exponent.content))
        }
        [_, number, ..] if number.tag == INTEGER => Some("DSA".to_owned()),
        [_, secret, rest @ ..] if secret.tag == OCTET_STRING => {
            let curve = rest.iter().find(|element| element.tag == CONTEXT_0)?;
            let curve = children(curve.content);
            name(&curve).or_else(|| explicit(&curve))
        }
        _ => None,
    }
}

/// Returns the name of the most particular identifier: a curve's stands behind its algorithm's.
fn name(elements: &[Element<'_>]) -> Option<String> {
    let mut identifiers = elements.iter().rev().filter(|element| element.tag == OID);
    identifiers.find_map(|oid| {
        let (_, name) = NAMES.iter().find(|(known, _)| oid.content.starts_with(known))?;
        Some((*name).to_owned())
    })
}

/// Names a curve that is written out with all its numbers, although it may be a usual one.
fn explicit(elements: &[Element<'_>]) -> Option<String> {
    /// 1.2.840.10045.1.1, the kind of field that such a curve is over.
    const PRIME_FIELD: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x01];
    let written = elements.iter().filter(|element| element.tag == SEQUENCE).any(|curve| {
        let fields = children(curve.content);
        let field = fields.get(1).map(|field| children(field.content)).unwrap_or_default();
        field.first().is_some_and(|oid| oid.content == PRIME_FIELD)
    });
    written.then(|| EXPLICIT.to_owned())
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> String {
    let modulus: Vec<u8> = modulus.iter().copied().skip_while(|byte| *byte == 0).collect();
    let bits = modulus.len() * 8 - modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    let exponent = exponent.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    format!("RSA, {bits} bits, e = {exponent}")
}
