//! The hashes that signatures name.

use digest::DynDigest;

/// A hash algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha3_224,
    Sha3_256,
    Sha3_384,
    Sha3_512,
    Sm3,
}

impl Hash {
    /// Returns the hash of this object identifier; some writers name a signature algorithm in its place.
    pub(crate) fn of(oid: &[u8]) -> Option<Hash> {
        Some(match oid {
            b"\x2a\x86\x48\x86\xf7\x0d\x02\x05" => Hash::Md5,
            b"\x2b\x0e\x03\x02\x1a" => Hash::Sha1,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x04" => Hash::Sha224,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x01" => Hash::Sha256,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x02" => Hash::Sha384,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x03" => Hash::Sha512,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x07" => Hash::Sha3_224,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x08" => Hash::Sha3_256,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x09" => Hash::Sha3_384,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x0a" => Hash::Sha3_512,
            // With a key it is named so too.
            b"\x2a\x81\x1c\xcf\x55\x01\x83\x11" | b"\x2a\x81\x1c\xcf\x55\x01\x83\x11\x01" => Hash::Sm3,
            _ => return None,
        })
    }

    /// Returns its object identifier, as content of DER.
    pub(crate) fn oid(self) -> &'static [u8] {
        match self {
            Hash::Md5 => b"\x2a\x86\x48\x86\xf7\x0d\x02\x05",
            Hash::Sha1 => b"\x2b\x0e\x03\x02\x1a",
            Hash::Sha224 => b"\x60\x86\x48\x01\x65\x03\x04\x02\x04",
            Hash::Sha256 => b"\x60\x86\x48\x01\x65\x03\x04\x02\x01",
            Hash::Sha384 => b"\x60\x86\x48\x01\x65\x03\x04\x02\x02",
            Hash::Sha512 => b"\x60\x86\x48\x01\x65\x03\x04\x02\x03",
            Hash::Sha3_224 => b"\x60\x86\x48\x01\x65\x03\x04\x02\x07",
            Hash::Sha3_256 => b"\x60\x86\x48\x01\x65\x03\x04\x02\x08",
            Hash::Sha3_384 => b"\x60\x86\x48\x01\x65\x03\x04\x02\x09",
            Hash::Sha3_512 => b"\x60\x86\x48\x01\x65\x03\x04\x02\x0a",
            Hash::Sm3 => b"\x2a\x81\x1c\xcf\x55\x01\x83\x11",
        }
    }

    /// Returns its name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Hash::Md5 => "md5",
            Hash::Sha1 => "sha1",
            Hash::Sha224 => "sha224",
            Hash::Sha256 => "sha256",
            Hash::Sha384 => "sha384",
            Hash::Sha512 => "sha512",
            Hash::Sha3_224 => "sha3_224",
            Hash::Sha3_256 => "sha3_256",
            Hash::Sha3_384 => "sha3_384",
            Hash::Sha3_512 => "sha3_512",
            Hash::Sm3 => "sm3",
        }
    }

    /// Returns about how long a byte takes, in nanoseconds: processors have instructions for some.
    pub(crate) fn cost(self) -> usize {
        match self {
            Hash::Sha1 | Hash::Sha224 | Hash::Sha256 => 1,
            Hash::Sha384 | Hash::Sha512 | Hash::Md5 => 2,
            _ => 5,
        }
    }

    /// Hashes these pieces, one behind the other.
    pub(crate) fn digest(self, pieces: &[&[u8]]) -> Vec<u8> {
        let mut state = self.start();
        pieces.iter().for_each(|piece| state.update(piece));
        state.finalize().to_vec()
    }

    /// Returns a hash of nothing yet.
    pub(crate) fn start(self) -> Box<dyn DynDigest> {
        match self {
            Hash::Md5 => Box::new(md5::Md5::default()),
            Hash::Sha1 => Box::new(sha1::Sha1::default()),
            Hash::Sha224 => Box::new(sha2::Sha224::default()),
            Hash::Sha256 => Box::new(sha2::Sha256::default()),
            Hash::Sha384 => Box::new(sha2::Sha384::default()),
            Hash::Sha512 => Box::new(sha2::Sha512::default()),
            Hash::Sha3_224 => Box::new(sha3::Sha3_224::default()),
            Hash::Sha3_256 => Box::new(sha3::Sha3_256::default()),
            Hash::Sha3_384 => Box::new(sha3::Sha3_384::default()),
            Hash::Sha3_512 => Box::new(sha3::Sha3_512::default()),
            Hash::Sm3 => Box::new(sm3::Sm3::default()),
        }
    }
}
