//! The encryption of a document that opens without a password: its owner only restricts what may be done with it.

use aes::Aes256;
use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding};
use md5::{Digest, Md5};
use sha2::Sha256;
use wosigndoc::pdf::{Dict, PdfFile, Value};

use super::Crypt;
use super::cipher::{Cipher, rc4};
use super::password::hash;
use crate::signing::error::{Result, SigningError, SigningReason};

/// What fills a password up to 32 bytes, and so stands for one that is empty.
const PADDING: [u8; 32] = *b"\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08\
    \x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a";
/// Permission to annotate and to fill in forms (bit 6), and to fill in and sign them (bit 9).
const ANNOTATE: u32 = 1 << 5;
const FILL_IN: u32 = 1 << 8;

/// Returns the encryption of a file that opens without a password and that may be signed.
///
/// # Errors
/// When it takes a password or a certificate to open, or its owner forbids all kinds of signing.
pub fn open(pdf: &PdfFile) -> Result<Crypt> {
    let Value::Dict(dict) = pdf.entry(&pdf.xref().trailer, "Encrypt")? else {
        return Err(SigningError::encrypted());
    };
    let handler = Handler { pdf, dict: &dict };
    let crypt = handler.crypt()?.ok_or_else(SigningError::encrypted)?;
    if handler.permits_signing()? { Ok(crypt) } else { Err(forbidden()) }
}

struct Handler<'a> {
    pdf: &'a PdfFile,
    dict: &'a Dict,
}

impl Handler<'_> {
    fn integer(&self, key: &str) -> Result<Option<i64>> {
        Ok(self.pdf.entry(self.dict, key)?.integer())
    }

    fn string(&self, key: &str) -> Result<Vec<u8>> {
        Ok(self.pdf.entry(self.dict, key)?.string().map(<[u8]>::to_vec).unwrap_or_default())
    }

    /// Returns the key as the empty password opens it; `None` if that does not.
    fn crypt(&self) -> Result<Option<Crypt>> {
        if self.pdf.entry(self.dict, "Filter")?.name() != Some(b"Standard") {
            return Ok(None);
        }
        let (version, revision) = (self.integer("V")?.unwrap_or(0), self.integer("R")?.unwrap_or(0));
        let (strings, streams) = match version {
            1 | 2 => (Cipher::Rc4, Cipher::Rc4),
            4 | 5 => match (self.filter("StrF")?, self.filter("StmF")?) {
                (Some(strings), Some(streams)) => (strings, streams),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let metadata = self.pdf.entry(self.dict, "EncryptMetadata")? != Value::Bool(false);
        let key = match (version, revision) {
            (5, 5 | 6) => self.long_key(revision)?,
            (1 | 2 | 4, 2..=4) => self.short_key(version, revision, metadata)?,
            _ => None,
        };
        let fits = |key: &Vec<u8>| {
            [strings, streams].iter().all(|cipher| match cipher {
                Cipher::Identity | Cipher::Rc4 => true,
                Cipher::Aes128 => key.len() == 16,
                Cipher::Aes256 => key.len() == 32,
            })
        };
        Ok(key.filter(fits).map(|key| Crypt { key, strings, streams, metadata }))
    }

    /// Returns the cipher that a name stands for.
    fn filter(&self, key: &str) -> Result<Option<Cipher>> {
        let name = self.pdf.entry(self.dict, key)?;
        let Some(name) = name.name().filter(|name| *name != b"Identity") else {
            return Ok(Some(Cipher::Identity));
        };
        let Value::Dict(filters) = self.pdf.entry(self.dict, "CF")? else { return Ok(None) };
        let Ok(name) = std::str::from_utf8(name) else { return Ok(None) };
        let Value::Dict(filter) = self.pdf.entry(&filters, name)? else { return Ok(None) };
        Ok(match self.pdf.entry(&filter, "CFM")?.name() {
            None | Some(b"None") => Some(Cipher::Identity),
            Some(b"V2") => Some(Cipher::Rc4),
            Some(b"AESV2") => Some(Cipher::Aes128),
            Some(b"AESV3") => Some(Cipher::Aes256),
            Some(_) => None,
        })
    }

    /// Returns the key of up to 128 bits (algorithm 2), if it is the right one (algorithms 4 and 5).
    fn short_key(&self, version: i64, revision: i64, metadata: bool) -> Result<Option<Vec<u8>>> {
        let length = match version {
            1 => 5,
            4 => 16,
            _ => usize::try_from(self.integer("Length")?.unwrap_or(40) / 8).unwrap_or_default(),
        };
        let length = if revision == 2 { 5 } else { length };
        if !(5..=16).contains(&length) {
            return Ok(None);
        }
        let (owner, user) = (self.string("O")?, self.string("U")?);
        let id = self.first_id();
        let mut digest = Md5::new();
        digest.update(PADDING);
        digest.update(owner.get(..32).unwrap_or(&owner));
        digest.update(self.permissions()?.to_le_bytes());
        digest.update(&id);
        if revision >= 4 && !metadata {
            digest.update([0xff; 4]);
        }
        let mut key = digest.finalize().to_vec();
        key.truncate(length);
        if revision >= 3 {
            for _ in 0..50 {
                key = Md5::digest(&key).to_vec();
                key.truncate(length);
            }
        }
        let check = if revision == 2 {
            rc4(&key, &PADDING)
        } else {
            let hash = Md5::digest([&PADDING[..], &id].concat());
            (0..20).fold(hash.to_vec(), |check, round: u8| {
                let key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
                rc4(&key, &check)
            })
        };
        Ok(user.starts_with(&check).then_some(key))
    }

    /// Returns the key of 256 bits (algorithm 2.A), if the empty password opens it.
    fn long_key(&self, revision: i64) -> Result<Option<Vec<u8>>> {
        let (user, locked) = (self.string("U")?, self.string("UE")?);
        let (Some(check), Some(check_salt), Some(key_salt)) =
            (user.get(..32), user.get(32..40), user.get(40..48))
        else {
            return Ok(None);
        };
        let hashed = |salt: &[u8]| match revision {
            5 => Ok(Sha256::digest(salt).to_vec()),
            _ => hash(&[], salt, &[]).map(|hash| hash.to_vec()),
        };
        if hashed(check_salt)? != check {
            return Ok(None);
        }
        let wrapping = hashed(key_salt)?;
        let Ok(cipher) = cbc::Decryptor::<Aes256>::new_from_slices(&wrapping, &[0; 16]) else {
            return Ok(None);
        };
        let key =
            locked.get(..32).map(|locked| cipher.decrypt_padded_vec::<block_padding::NoPadding>(locked));
        Ok(key.and_then(std::result::Result::ok))
    }

    /// Returns the file's first identifier.
    fn first_id(&self) -> Vec<u8> {
        let id = self.pdf.entry(&self.pdf.xref().trailer, "ID").ok();
        let first = id.as_ref().and_then(|id| id.array()?.first()?.value.string());
        first.map(<[u8]>::to_vec).unwrap_or_default()
    }

    /// Returns the bits of `/P`; some writers write them as a number that is not negative.
    fn permissions(&self) -> Result<u32> {
        let bits = self.integer("P")?.unwrap_or(0) & i64::from(u32::MAX);
        Ok(u32::try_from(bits).unwrap_or_default())
    }

    fn permits_signing(&self) -> Result<bool> {
        let bits = self.permissions()?;
        // The oldest handler knows no bit 9.
        Ok(bits & ANNOTATE != 0 || (self.integer("R")?.unwrap_or(0) >= 3 && bits & FILL_IN != 0))
    }
}

fn forbidden() -> SigningError {
    SigningError::new(
        SigningReason::Forbidden,
        "the PDF's owner password forbids annotating, filling in forms and signing; ask its author for one that allows \
         one of these, or send it unprotected",
        "PDF 的权限密码禁止注释、填写表单和签名；请向作者索取允许其中一项的文件，或提交未加密的文件",
    )
}
