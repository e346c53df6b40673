//! The hash that a push gives of its document: told apart by length and alphabet.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq;

use super::hex;

/// A member of SHA-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// 32 bytes.
    Sha256,
    /// 48 bytes.
    Sha384,
    /// 64 bytes.
    Sha512,
}

/// How the hash was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Hexadecimal digits in any letter case.
    Hex,
    /// Base64, standard or URL alphabet, padded or not.
    Base64,
}

/// A hash as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenHash {
    /// Which hash it is.
    pub algorithm: Algorithm,
    /// How it was written.
    pub encoding: Encoding,
    digest: Vec<u8>,
}

impl Algorithm {
    /// Returns the word for it in results, e.g. `sha256`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha384 => "sha384",
            Algorithm::Sha512 => "sha512",
        }
    }

    const fn of_length(bytes: usize) -> Option<Algorithm> {
        match bytes {
            32 => Some(Algorithm::Sha256),
            48 => Some(Algorithm::Sha384),
            64 => Some(Algorithm::Sha512),
            _ => None,
        }
    }
}

impl Encoding {
    /// Returns the word for it in results: `hex` or `base64`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Encoding::Hex => "hex",
            Encoding::Base64 => "base64",
        }
    }
}

impl GivenHash {
    /// Reads a hash; `None` when it is none of SHA-256, SHA-384, SHA-512. 64 characters are SHA-256 in
    /// hex when all of them are hex digits, otherwise SHA-384 in base64; no other length is in doubt.
    #[must_use]
    pub fn parse(text: &str) -> Option<GivenHash> {
        let text = text.trim();
        let read = |encoding, digest: Vec<u8>| {
            let algorithm = Algorithm::of_length(digest.len())?;
            Some(GivenHash { algorithm, encoding, digest })
        };
        hex::decode(text)
            .and_then(|digest| read(Encoding::Hex, digest))
            .or_else(|| from_base64(text).and_then(|digest| read(Encoding::Base64, digest)))
    }

    /// Compares with a computed digest, in constant time.
    #[must_use]
    pub fn matches(&self, digest: &[u8]) -> bool {
        self.digest.as_slice().ct_eq(digest).into()
    }
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let bare = text.trim_end_matches('=');
    // Only as much padding as belongs there.
    if bare.len() != text.len() && (!text.len().is_multiple_of(4) || text.len() - bare.len() > 2) {
        return None;
    }
    STANDARD_NO_PAD.decode(bare.replace('-', "+").replace('_', "/")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-31: hex and base64 of the three hashes, told apart by length and alphabet.
    #[test]
    fn tells_hashes_apart() {
        for (length, algorithm) in [(32, Algorithm::Sha256), (48, Algorithm::Sha384), (64, Algorithm::Sha512)]
        {
            let digest: Vec<u8> = (0..length).map(|n| (n * 37 + 200) as u8).collect();
            let digits = hex::encode(&digest);
            let base64 = base64::engine::general_purpose::STANDARD.encode(&digest);
            let url = base64.replace('+', "-").replace('/', "_");
            let bare = url.trim_end_matches('=').to_owned();
            for (text, encoding) in [
                (digits.clone(), Encoding::Hex),
                (digits.to_uppercase(), Encoding::Hex),
                (format!(" {digits}\n"), Encoding::Hex),
                (base64.clone(), Encoding::Base64),
                (base64.trim_end_matches('=').to_owned(), Encoding::Base64),
                (url, Encoding::Base64),
                (bare, Encoding::Base64),
            ] {
                let found = GivenHash::parse(&text).unwrap();
                assert_eq!((found.algorithm, found.encoding), (algorithm, encoding), "{text}");
                assert!(found.matches(&digest));
                let mut other = digest.clone();
                other[length - 1] ^= 1;
                assert!(!found.matches(&other));
                assert!(!found.matches(&digest[1..]));
            }
        }
    }

    /// Covers P-31: what is none of them.
    #[test]
    fn refuses_other_texts() {
        let md5 = "0".repeat(32);
        let sha1 = "0".repeat(40);
        let odd = "0".repeat(63);
        let long = "A".repeat(10_000);
        let over_padded = format!("{}===", "A".repeat(43));
        for text in ["", "239865", "é", &md5, &sha1, &odd, &long, &over_padded, "sha256"] {
            assert_eq!(GivenHash::parse(text), None, "{text}");
        }
    }
}
