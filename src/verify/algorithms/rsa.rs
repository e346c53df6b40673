//! RSA signatures, with a key of every length and exponent that occurs. The crate for RSA stops at 4096 bits and wants
//! random numbers; to check a signature takes one power and one comparison.

use num_bigint::BigUint;

use super::hash::Hash;
use super::key::bits_of;

/// Shortest and longest modulus that is looked at, in bits.
const MODULUS: std::ops::RangeInclusive<usize> = 504..=16_384;
/// Most multiplications of single words that a power may take: a quarter of a second or so.
const MAX_WORK: usize = 300_000_000;

/// Why a signature does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RsaError {
    /// It is the wrong one.
    Wrong,
    /// Its key is too short, too long, or made so that checking it takes too long.
    Size,
}

/// Returns about how many multiplications of single words a check takes.
pub(crate) fn work(modulus: &[u8], exponent: &[u8]) -> usize {
    let words = modulus.len().div_ceil(8);
    words.saturating_mul(words).saturating_mul(2).saturating_mul(bits_of(exponent))
}

/// Returns what was signed, as long as the modulus.
fn open(modulus: &[u8], exponent: &[u8], signature: &[u8]) -> Result<Vec<u8>, RsaError> {
    let bits = bits_of(modulus);
    if !MODULUS.contains(&bits) || work(modulus, exponent) > MAX_WORK || exponent.is_empty() {
        return Err(RsaError::Size);
    }
    let [modulus_number, exponent, signature] = [modulus, exponent, signature].map(BigUint::from_bytes_be);
    if signature >= modulus_number {
        return Err(RsaError::Wrong);
    }
    let opened = signature.modpow(&exponent, &modulus_number).to_bytes_be();
    let mut padded = vec![0; modulus.len().saturating_sub(opened.len())];
    padded.extend(opened);
    Ok(padded)
}

/// Checks a signature by PKCS#1 v1.5 over this digest.
pub(crate) fn pkcs1(
    (modulus, exponent): (&[u8], &[u8]),
    hash: Hash,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), RsaError> {
    let opened = open(modulus, exponent, signature)?;
    // With the parameters NULL and, as some write it, without.
    let fits = [&[5, 0][..], &[]].into_iter().any(|parameters| {
        let algorithm = der(0x30, &[&der(0x06, &[hash.oid()]), parameters]);
        let info = der(0x30, &[&algorithm, &der(0x04, &[digest])]);
        let Some(filling) = opened.len().checked_sub(info.len() + 3).filter(|length| *length >= 8) else {
            return false;
        };
        let expected = [&[0, 1][..], &vec![0xff; filling], &[0], &info].concat();
        expected == opened
    });
    if fits { Ok(()) } else { Err(RsaError::Wrong) }
}

/// Writes one element that is shorter than 128 bytes.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&[tag, u8::try_from(content.len()).unwrap_or_default()][..], &content].concat()
}

/// Checks a signature by PSS over this digest, with a salt of any length or of this one.
pub(crate) fn pss(
    (modulus, exponent): (&[u8], &[u8]),
    (hash, mask_hash): (Hash, Hash),
    salt: Option<usize>,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), RsaError> {
    let opened = open(modulus, exponent, signature)?;
    let bits = bits_of(modulus) - 1;
    check_pss(&opened, bits, (hash, mask_hash), salt, digest).ok_or(RsaError::Wrong)
}

fn check_pss(
    opened: &[u8],
    bits: usize,
    (hash, mask_hash): (Hash, Hash),
    salt: Option<usize>,
    digest: &[u8],
) -> Option<()> {
    let length = bits.div_ceil(8);
    let (front, encoded) = opened.split_at_checked(opened.len().checked_sub(length)?)?;
    let (encoded, last) = encoded.split_at_checked(length.checked_sub(1)?)?;
    let (masked, expected) = encoded.split_at_checked(encoded.len().checked_sub(digest.len())?)?;
    let unused = 0xff_u8.checked_shl(u32::try_from(8 - (8 * length - bits)).ok()?).unwrap_or(0);
    if front.iter().any(|byte| *byte != 0) || last != [0xbc] || masked.first()? & unused != 0 {
        return None;
    }
    let mask = mask(mask_hash, expected, masked.len());
    let mut data: Vec<u8> = masked.iter().zip(&mask).map(|(byte, mask)| byte ^ mask).collect();
    *data.first_mut()? &= !unused;
    let zeros = data.iter().take_while(|byte| **byte == 0).count();
    let (one, found) = data.get(zeros..)?.split_first()?;
    let fits = *one == 1 && salt.is_none_or(|length| length == found.len());
    (fits && hash.digest(&[&[0; 8], digest, found]) == expected).then_some(())
}

/// Makes a mask of this length (MGF1).
fn mask(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::new();
    for counter in 0..u32::MAX {
        if mask.len() >= length {
            break;
        }
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()]));
    }
    mask.truncate(length);
    mask
}
