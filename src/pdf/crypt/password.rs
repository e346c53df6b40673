//! Passwords, as the handlers of a PDF's encryption compare them.

use aes::cipher::{BlockModeEncrypt, KeyIvInit, block_padding};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Longest password in bytes of UTF-8 that PDF takes account of.
const MAX_PASSWORD: usize = 127;

/// Returns a password as AES-256 compares it: SASLprep, in UTF-8, and no longer than counts; as it is, if it has
/// characters that SASLprep does not allow.
pub fn prepared(password: &str) -> Vec<u8> {
    let prepared = stringprep::saslprep(password);
    let mut bytes = prepared.map_or_else(|_| password.to_owned(), Into::into).into_bytes();
    bytes.truncate(MAX_PASSWORD);
    bytes
}

/// Computes the slow hash of passwords (algorithm 2.B).
pub fn password_hash(password: &[u8], salt: &[u8], user: &[u8]) -> [u8; 32] {
    let mut key = Sha256::digest([password, salt, user].concat()).to_vec();
    let mut round = 0_u32;
    let mut last = 0_u8;
    while round < 64 || u32::from(last) > round - 32 {
        let (Some(cipher_key), Some(iv)) =
            (key.first_chunk::<16>(), key.get(16..).and_then(<[u8]>::first_chunk))
        else {
            break;
        };
        let cipher = cbc::Encryptor::<aes::Aes128>::new(cipher_key.into(), <&[u8; 16]>::into(iv));
        let input = [password, &key, user].concat().repeat(64);
        let mixed = cipher.encrypt_padded_vec::<block_padding::NoPadding>(&input);
        // The first 16 bytes as one number, modulo 3: 256 is 1 modulo 3, so their sum will do.
        let sum: u32 = mixed.iter().take(16).map(|&byte| u32::from(byte)).sum();
        key = match sum % 3 {
            0 => Sha256::digest(&mixed).to_vec(),
            1 => Sha384::digest(&mixed).to_vec(),
            _ => Sha512::digest(&mixed).to_vec(),
        };
        last = mixed.last().copied().unwrap_or_default();
        round += 1;
    }
    // Each of these hashes has 32 bytes at least.
    key.first_chunk().copied().unwrap_or_default()
}
