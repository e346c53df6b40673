//! The password of an order: AES-256 by ISO 32000-2 (revision 6).

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, BlockModeEncrypt, KeyInit, KeyIvInit, block_padding};
use wosigndoc::pdf::password_hash;
use wosigndoc::protocol::hex;
use wosigndoc::protocol::limits::MAX_PASSWORD;

use super::Crypt;
use crate::signing::error::{Result, SigningError, SigningReason};
use crate::signing::random::{random, random_hex};

/// Everything is allowed to whoever has the password.
const PERMISSIONS: i32 = -4;

impl Crypt {
    /// Returns the encryption dictionary for this password. The owner's password is random and forgotten: nobody
    /// may change what is signed.
    pub fn dictionary(&self, password: &str) -> Result<String> {
        let user = prepared(password)?;
        let owner = random_hex()?.into_bytes();
        let (u, ue) = self.locked(&user, &[])?;
        let (o, oe) = self.locked(&owner, &u)?;
        Ok(format!(
            "<</Filter /Standard /V 5 /R 6 /Length 256 /P {PERMISSIONS} /U <{}> /UE <{}> /O <{}> /OE <{}> \
             /Perms <{}> /CF <</StdCF <</CFM /AESV3 /AuthEvent /DocOpen /Length 32>>>> /StmF /StdCF /StrF /StdCF>>",
            hex::encode(&u),
            hex::encode(&ue),
            hex::encode(&o),
            hex::encode(&oe),
            hex::encode(&self.permissions()?)
        ))
    }

    /// Returns what checks a password, and the key as that password unlocks it (algorithms 8 and 9).
    fn locked(&self, password: &[u8], user: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
        let check_salt: [u8; 8] = random()?;
        let key_salt: [u8; 8] = random()?;
        let check = [&password_hash(password, &check_salt, user)[..], &check_salt, &key_salt].concat();
        let wrapping = password_hash(password, &key_salt, user);
        let cipher = cbc::Encryptor::<Aes256>::new(&wrapping.into(), &[0; 16].into());
        Ok((check, cipher.encrypt_padded_vec::<block_padding::NoPadding>(&self.0.key)))
    }

    /// Encrypts the permissions once more, so that nobody changes them unnoticed (algorithm 10).
    fn permissions(&self) -> Result<[u8; 16]> {
        let noise: [u8; 4] = random()?;
        let mut block = [0; 16];
        let text = [&PERMISSIONS.to_le_bytes()[..], &[0xff; 4], b"Tadb", &noise].concat();
        block.copy_from_slice(&text);
        let mut block = block.into();
        let cipher = Aes256::new_from_slice(&self.0.key);
        cipher.map_err(|_| SigningError::internal("encryption", "short key"))?.encrypt_block(&mut block);
        Ok(block.into())
    }
}

/// Returns a password as PDF compares it: SASLprep, in UTF-8.
fn prepared(password: &str) -> Result<Vec<u8>> {
    let prepared = stringprep::saslprep(password).map_err(|_| {
        SigningError::new(
            SigningReason::Password,
            "the password has characters that PDF does not allow in one",
            "密码中含有 PDF 不允许的字符",
        )
    })?;
    if prepared.is_empty() {
        return Err(SigningError::new(
            SigningReason::Password,
            "the password has invisible characters alone, which PDF leaves out; nothing would protect the document",
            "密码只含不可见字符，PDF 会将其去除，文件将不受保护",
        ));
    }
    if prepared.len() > MAX_PASSWORD {
        return Err(SigningError::new(
            SigningReason::Password,
            format!("the password is longer than {MAX_PASSWORD} bytes"),
            format!("密码超过 {MAX_PASSWORD} 字节"),
        ));
    }
    Ok(prepared.as_bytes().to_vec())
}
