//! The key of an encrypted file, as a password opens it.

use aes::Aes256;
use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding};
use md5::{Digest, Md5};
use sha2::Sha256;

use super::Key;
use super::cipher::{Cipher, rc4};
use super::password::{password_hash, prepared};
use crate::pdf::error::Result;
use crate::pdf::file::PdfFile;
use crate::pdf::value::{Dict, Value};

/// What fills a password up to 32 bytes, and so stands for one that is empty.
const PADDING: [u8; 32] = *b"\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08\
    \x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a";

/// Returns the key of an encrypted file, as this password opens it, the user's or the owner's; `None` if it does not, or
/// the file is encrypted in a way that is not known here.
///
/// # Errors
/// When the encryption dictionary cannot be read.
pub fn key_of(pdf: &PdfFile, password: &str) -> Result<Option<Key>> {
    let Value::Dict(dict) = pdf.entry(&pdf.xref().trailer, "Encrypt")? else { return Ok(None) };
    Handler { pdf, dict: &dict }.key(password)
}

struct Handler<'a> {
    pdf: &'a PdfFile,
    dict: &'a Dict,
}

/// How the short keys are made.
struct Short {
    revision: i64,
    /// The key's length in bytes.
    length: usize,
    owner: Vec<u8>,
    user: Vec<u8>,
    id: Vec<u8>,
    permissions: u32,
    metadata: bool,
}

impl Handler<'_> {
    fn integer(&self, key: &str) -> Result<Option<i64>> {
        Ok(self.pdf.entry(self.dict, key)?.integer())
    }

    fn string(&self, key: &str) -> Result<Vec<u8>> {
        Ok(self.pdf.entry(self.dict, key)?.string().map(<[u8]>::to_vec).unwrap_or_default())
    }

    fn key(&self, password: &str) -> Result<Option<Key>> {
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
            (5, 5 | 6) => self.long_key(revision, &prepared(password))?,
            (1 | 2 | 4, 2..=4) => self.short_key(version, revision, metadata, password)?,
            _ => None,
        };
        let fits = |key: &Vec<u8>| {
            [strings, streams].iter().all(|cipher| match cipher {
                Cipher::Identity | Cipher::Rc4 => true,
                Cipher::Aes128 => key.len() == 16,
                Cipher::Aes256 => key.len() == 32,
            })
        };
        Ok(key.filter(fits).map(|key| Key { key, strings, streams, metadata }))
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

    /// Returns the key of up to 128 bits, if the password is the user's or the owner's (algorithms 6 and 7).
    fn short_key(
        &self,
        version: i64,
        revision: i64,
        metadata: bool,
        password: &str,
    ) -> Result<Option<Vec<u8>>> {
        let length = match version {
            1 => 5,
            4 => 16,
            _ => usize::try_from(self.integer("Length")?.unwrap_or(40) / 8).unwrap_or_default(),
        };
        let length = if revision == 2 { 5 } else { length };
        if !(5..=16).contains(&length) {
            return Ok(None);
        }
        let short = Short {
            revision,
            length,
            owner: self.string("O")?,
            user: self.string("U")?,
            id: self.first_id(),
            permissions: self.permissions()?,
            metadata,
        };
        // Writers encode what is no ASCII in one of two ways.
        let latin: Option<Vec<u8>> = password.chars().map(|c| u8::try_from(c).ok()).collect();
        let forms = [latin, Some(password.as_bytes().to_vec())];
        Ok(forms.into_iter().flatten().find_map(|password| short.open(&password)))
    }

    /// Returns the key of 256 bits, if the password opens it (algorithm 2.A).
    fn long_key(&self, revision: i64, password: &[u8]) -> Result<Option<Vec<u8>>> {
        let user = self.string("U")?;
        let user_key = self.unlocked(revision, password, "U", "UE", &[])?;
        match user.get(..48) {
            Some(whole) if user_key.is_none() => self.unlocked(revision, password, "O", "OE", whole),
            _ => Ok(user_key),
        }
    }

    fn unlocked(
        &self,
        revision: i64,
        password: &[u8],
        check: &str,
        locked: &str,
        user: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        let (check, locked) = (self.string(check)?, self.string(locked)?);
        let (Some(expected), Some(check_salt), Some(key_salt)) =
            (check.get(..32), check.get(32..40), check.get(40..48))
        else {
            return Ok(None);
        };
        let hashed = |salt: &[u8]| match revision {
            5 => Sha256::digest([password, salt, user].concat()).to_vec(),
            _ => password_hash(password, salt, user).to_vec(),
        };
        if hashed(check_salt) != expected {
            return Ok(None);
        }
        let Ok(cipher) = cbc::Decryptor::<Aes256>::new_from_slices(&hashed(key_salt), &[0; 16]) else {
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
}

impl Short {
    /// Returns the key, if this password is the user's or the owner's.
    fn open(&self, password: &[u8]) -> Option<Vec<u8>> {
        self.checked(password).or_else(|| self.checked(&self.user_password(password)))
    }

    /// Returns the key, if this password is the user's (algorithms 2 and 6).
    fn checked(&self, password: &[u8]) -> Option<Vec<u8>> {
        let mut digest = Md5::new();
        digest.update(padded(password));
        digest.update(self.owner.get(..32).unwrap_or(&self.owner));
        digest.update(self.permissions.to_le_bytes());
        digest.update(&self.id);
        if self.revision >= 4 && !self.metadata {
            digest.update([0xff; 4]);
        }
        let key = self.stretched(digest.finalize().to_vec());
        let check = if self.revision == 2 {
            rc4(&key, &PADDING)
        } else {
            let hash = Md5::digest([&PADDING[..], &self.id].concat()).to_vec();
            self.rounds(0..20, &key, hash)
        };
        self.user.starts_with(&check).then_some(key)
    }

    /// Returns the user's password, as the owner's opens it (algorithm 7).
    fn user_password(&self, owner: &[u8]) -> Vec<u8> {
        let key = self.stretched(Md5::digest(padded(owner)).to_vec());
        let locked = self.owner.get(..32).unwrap_or(&self.owner).to_vec();
        let last = if self.revision == 2 { 1 } else { 20 };
        self.rounds((0..last).rev(), &key, locked)
    }

    fn stretched(&self, mut key: Vec<u8>) -> Vec<u8> {
        key.truncate(self.length);
        if self.revision >= 3 {
            for _ in 0..50 {
                key = Md5::digest(&key).to_vec();
                key.truncate(self.length);
            }
        }
        key
    }

    fn rounds(&self, rounds: impl Iterator<Item = u8>, key: &[u8], bytes: Vec<u8>) -> Vec<u8> {
        rounds.fold(bytes, |bytes, round| {
            let key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
            rc4(&key, &bytes)
        })
    }
}

fn padded(password: &[u8]) -> Vec<u8> {
    password.iter().chain(&PADDING).copied().take(32).collect()
}
