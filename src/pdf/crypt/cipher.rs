//! The ciphers of the standard handler, and the key of each object.

use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding};
use aes::{Aes128, Aes256};
use md5::{Digest, Md5};

use super::super::value::ObjectId;

/// How strings or streams are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// Not at all.
    Identity,
    /// RC4, with keys of 40 to 128 bits.
    Rc4,
    /// AES-128.
    Aes128,
    /// AES-256, with one key for all objects.
    Aes256,
}

impl Cipher {
    /// Encrypts what belongs to an object, by AES with this random vector; `None` if the key is not as long as it must
    /// be.
    pub fn encrypt(self, key: &[u8], iv: [u8; 16], id: ObjectId, plain: &[u8]) -> Option<Vec<u8>> {
        let key = self.object_key(key, id);
        let cipher = match self {
            Cipher::Identity => return Some(plain.to_vec()),
            Cipher::Rc4 => return Some(rc4(&key, plain)),
            Cipher::Aes128 => {
                let cipher = cbc::Encryptor::<Aes128>::new_from_slices(&key, &iv).ok()?;
                cipher.encrypt_padded_vec::<block_padding::Pkcs7>(plain)
            }
            Cipher::Aes256 => {
                let cipher = cbc::Encryptor::<Aes256>::new_from_slices(&key, &iv).ok()?;
                cipher.encrypt_padded_vec::<block_padding::Pkcs7>(plain)
            }
        };
        Some([&iv[..], &cipher].concat())
    }

    /// Decrypts what belongs to an object; `None` if it is too short to be encrypted.
    pub fn decrypt(self, key: &[u8], id: ObjectId, bytes: &[u8]) -> Option<Vec<u8>> {
        let key = self.object_key(key, id);
        match self {
            Cipher::Identity => return Some(bytes.to_vec()),
            Cipher::Rc4 => return Some(rc4(&key, bytes)),
            Cipher::Aes128 | Cipher::Aes256 => {}
        }
        if bytes.is_empty() {
            return Some(Vec::new());
        }
        let (iv, blocks) = bytes.split_at_checked(16)?;
        // Some writers leave bytes behind the last block.
        let blocks = blocks.get(..blocks.len() - blocks.len() % 16)?;
        let mut plain = self.decrypt_blocks::<block_padding::NoPadding>(&key, iv, blocks)?;
        let padding = usize::from(plain.last().copied().unwrap_or_default());
        if (1..=16).contains(&padding) {
            plain.truncate(plain.len() - padding);
        }
        Some(plain)
    }

    /// Says whether what belongs to an object is encrypted in whole blocks, the last one filled up by the book.
    pub fn is_whole(self, key: &[u8], id: ObjectId, bytes: &[u8]) -> bool {
        if matches!(self, Cipher::Identity | Cipher::Rc4) || bytes.is_empty() {
            return true;
        }
        let parts = bytes.split_at_checked(16);
        let key = self.object_key(key, id);
        parts.and_then(|(iv, blocks)| self.decrypt_blocks::<block_padding::Pkcs7>(&key, iv, blocks)).is_some()
    }

    /// Decrypts blocks of AES with the key of their object.
    fn decrypt_blocks<P: block_padding::Padding>(
        self,
        key: &[u8],
        iv: &[u8],
        blocks: &[u8],
    ) -> Option<Vec<u8>> {
        if self == Cipher::Aes128 {
            let cipher = cbc::Decryptor::<Aes128>::new_from_slices(key, iv).ok()?;
            cipher.decrypt_padded_vec::<P>(blocks).ok()
        } else {
            let cipher = cbc::Decryptor::<Aes256>::new_from_slices(key, iv).ok()?;
            cipher.decrypt_padded_vec::<P>(blocks).ok()
        }
    }

    /// Returns the key of an object (algorithm 1).
    fn object_key(self, key: &[u8], id: ObjectId) -> Vec<u8> {
        if matches!(self, Cipher::Identity | Cipher::Aes256) {
            return key.to_vec();
        }
        let mut hash = Md5::new();
        hash.update(key);
        hash.update(id.number.to_le_bytes().get(..3).unwrap_or_default());
        hash.update(id.generation.to_le_bytes());
        if self == Cipher::Aes128 {
            hash.update(b"sAlT");
        }
        hash.finalize().into_iter().take(key.len() + 5).collect()
    }
}

/// Encrypts or decrypts by RC4. The key is not empty.
pub fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut state: [u8; 256] = std::array::from_fn(|at| u8::try_from(at).unwrap_or_default());
    let at = |state: &[u8; 256], index: u8| state.get(usize::from(index)).copied().unwrap_or_default();
    let mut other = 0_u8;
    for (index, key) in (0..=u8::MAX).zip(key.iter().cycle()) {
        other = other.wrapping_add(at(&state, index)).wrapping_add(*key);
        state.swap(usize::from(index), usize::from(other));
    }
    let (mut one, mut other) = (0_u8, 0_u8);
    let next = |byte: &u8| {
        one = one.wrapping_add(1);
        other = other.wrapping_add(at(&state, one));
        state.swap(usize::from(one), usize::from(other));
        byte ^ at(&state, at(&state, one).wrapping_add(at(&state, other)))
    };
    bytes.iter().map(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cipher's well-known examples.
    #[test]
    fn encrypts_by_rc4() {
        assert_eq!(rc4(b"Key", b"Plaintext"), b"\xbb\xf3\x16\xe8\xd9\x40\xaf\x0a\xd3");
        assert_eq!(rc4(b"Wiki", b"pedia"), b"\x10\x21\xbf\x04\x20");
    }

    #[test]
    fn decrypts_what_it_encrypts() {
        let id = ObjectId { number: 70_000, generation: 3 };
        for (cipher, key) in [
            (Cipher::Identity, 5),
            (Cipher::Rc4, 5),
            (Cipher::Rc4, 16),
            (Cipher::Aes128, 16),
            (Cipher::Aes256, 32),
        ] {
            let key = vec![7; key];
            for plain in [&b""[..], b"a", &[16; 16], &[1; 1000]] {
                let encrypted = cipher.encrypt(&key, [9; 16], id, plain).unwrap();
                assert_eq!(cipher.decrypt(&key, id, &encrypted).unwrap(), plain, "{cipher:?}");
                assert!(cipher.is_whole(&key, id, &encrypted), "{cipher:?}");
                // Cut within a block.
                let cut = encrypted.get(..encrypted.len().saturating_sub(1)).unwrap_or_default();
                let is_aes = matches!(cipher, Cipher::Aes128 | Cipher::Aes256);
                assert_eq!(cipher.is_whole(&key, id, cut), !is_aes, "{cipher:?}");
            }
        }
        // The last block is filled up with other bytes than their number.
        let unfilled = [&[9; 16][..], &[1; 16]].concat();
        assert!(Cipher::Aes128.decrypt(&[7; 16], id, &unfilled).is_some());
        assert!(!Cipher::Aes128.is_whole(&[7; 16], id, &unfilled));
        assert_eq!(Cipher::Aes128.decrypt(&[7; 16], id, b"short"), None);
    }
}
