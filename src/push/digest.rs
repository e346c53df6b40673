//! SHA-2 of a document while it flows past.

use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::protocol::hash::{Algorithm, GivenHash};

/// SHA-256 always, and the variant of a hash that was known beforehand.
pub(super) struct Digests {
    sha256: Sha256,
    other: Option<Hasher>,
}

/// One of the other two.
pub(super) enum Hasher {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

/// What came out.
pub(super) struct Computed {
    /// SHA-256, 32 bytes.
    pub(super) sha256: Vec<u8>,
    other: Option<(Algorithm, Vec<u8>)>,
}

impl Digests {
    pub(super) fn new() -> Digests {
        Digests { sha256: Sha256::new(), other: None }
    }

    /// Says which hash will be asked for: it stood before the content.
    pub(super) fn expect(&mut self, hash: &GivenHash) {
        if hash.algorithm != Algorithm::Sha256 {
            self.other = Some(Hasher::new(hash.algorithm));
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        if let Some(other) = &mut self.other {
            other.update(bytes);
        }
    }

    pub(super) fn finish(self) -> Computed {
        Computed {
            sha256: self.sha256.finalize().to_vec(),
            other: self.other.map(|hasher| (hasher.algorithm(), hasher.finish())),
        }
    }
}

impl Computed {
    /// Returns the digest of this algorithm, if it was computed.
    pub(super) fn digest(&self, algorithm: Algorithm) -> Option<&[u8]> {
        match &self.other {
            _ if algorithm == Algorithm::Sha256 => Some(&self.sha256),
            Some((computed, digest)) if *computed == algorithm => Some(digest),
            _ => None,
        }
    }
}

impl Hasher {
    pub(super) fn new(algorithm: Algorithm) -> Hasher {
        match algorithm {
            Algorithm::Sha256 => Hasher::Sha256(Sha256::new()),
            Algorithm::Sha384 => Hasher::Sha384(Sha384::new()),
            Algorithm::Sha512 => Hasher::Sha512(Sha512::new()),
        }
    }

    fn algorithm(&self) -> Algorithm {
        match self {
            Hasher::Sha256(_) => Algorithm::Sha256,
            Hasher::Sha384(_) => Algorithm::Sha384,
            Hasher::Sha512(_) => Algorithm::Sha512,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Sha256(hasher) => hasher.update(bytes),
            Hasher::Sha384(hasher) => hasher.update(bytes),
            Hasher::Sha512(hasher) => hasher.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Hasher::Sha256(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha384(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha512(hasher) => hasher.finalize().to_vec(),
        }
    }
}
