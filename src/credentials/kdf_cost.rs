//! What opening a key file would cost, worked out before it is opened: a file names its own number of
//! key-derivation rounds, and a hostile one could name enough to hang the caller.

use super::der::{INTEGER, OCTET_STRING, element};
use crate::protocol::{Error, Reason, Result};

/// Most rounds of all derivations in a file together. Browsers write up to two million; a round takes well
/// under a microsecond.
const MAX_ROUNDS: u64 = 4_000_000;

const CONSTRUCTED: u8 = 0x20;
/// Deeper than any real archive; bounds the recursion.
const MAX_DEPTH: u32 = 24;

/// Refuses a file that is too costly to open.
///
/// # Errors
/// `identity_encryption`.
pub(super) fn check(der: &[u8]) -> Result<()> {
    if rounds(der) > MAX_ROUNDS { Err(too_costly()) } else { Ok(()) }
}

/// Says that a file asks for more key-derivation rounds than any honest one has.
pub(super) fn too_costly() -> Error {
    Error::new(Reason::IdentityEncryption)
        .detail("the file asks for too many key-derivation rounds", "文件要求的密钥派生轮数过多")
}

/// Adds up the rounds that the derivations in this DER ask for.
///
/// In PKCS#5 and PKCS#12 alike a salt (OCTET STRING) is followed by the number of rounds (INTEGER); scrypt
/// has three numbers there, whose product is the work. Octet strings that hold DER are looked into.
pub(super) fn rounds(der: &[u8]) -> u64 {
    walk(der, 0)
}

/// Tells whether the bytes are exactly one DER element.
pub(super) fn is_whole(der: &[u8]) -> bool {
    element(der).is_some_and(|(_, rest)| rest.is_empty())
}

fn walk(mut der: &[u8], depth: u32) -> u64 {
    if depth > MAX_DEPTH {
        return u64::MAX;
    }
    let mut total = 0_u64;
    let mut after_salt = false;
    let mut numbers: Vec<u64> = Vec::new();
    while let Some((found, rest)) = element(der) {
        let (tag, content) = (found.tag, found.content);
        if tag == INTEGER && after_salt {
            numbers.push(integer(content));
        } else {
            total = total.saturating_add(work(&numbers));
            numbers.clear();
            after_salt = tag == OCTET_STRING;
        }
        if tag & CONSTRUCTED != 0 || (tag == OCTET_STRING && content.first() == Some(&0x30)) {
            total = total.saturating_add(walk(content, depth + 1));
        }
        der = rest;
    }
    total.saturating_add(work(&numbers))
}

/// Works out the rounds: one or two numbers are rounds (and a key length), three or more are scrypt's N, r and p.
fn work(numbers: &[u64]) -> u64 {
    match numbers {
        [] => 0,
        [n, r, p, ..] => n.saturating_mul(*r).saturating_mul(*p),
        [rounds, ..] => *rounds,
    }
}

fn integer(content: &[u8]) -> u64 {
    let significant = content.iter().skip_while(|byte| **byte == 0);
    if significant.clone().count() > 8 {
        return u64::MAX;
    }
    significant.fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_what_a_file_asks_for() {
        // SEQUENCE { OCTET STRING salt, INTEGER 2048, INTEGER 32 } inside an OCTET STRING.
        let pbkdf2 = [0x30, 10, 4, 1, 9, 2, 2, 8, 0, 2, 1, 32];
        let mut nested = vec![4, pbkdf2.len() as u8];
        nested.extend(pbkdf2);
        assert_eq!(rounds(&pbkdf2), 2048);
        assert_eq!(rounds(&nested), 2048);
        // scrypt: N = 16384, r = 8, p = 2.
        assert_eq!(rounds(&[0x30, 13, 4, 1, 9, 2, 2, 0x40, 0, 2, 1, 8, 2, 1, 2]), 16384 * 16);
        assert_eq!(rounds(&[0x30, 14, 4, 1, 9, 2, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1]), u64::MAX);
        assert_eq!(rounds(&[0x30; 400]), 0);
        assert_eq!(rounds(&[]), 0);
    }
}
