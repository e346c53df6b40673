//! Documents with a password: encrypts the document first, then whatever the signatures append to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use aes::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use lopdf::encryption::crypt_filters::{Aes256CryptFilter, CryptFilter};
use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions, StringFormat};
use ring::rand::{SecureRandom, SystemRandom};

use super::error::{Result, SigningError, SigningReason};
use super::pdf::append::{hex, random_hex};

/// Longest password in bytes of UTF-8 that PDF takes account of.
const MAX_PASSWORD: usize = 127;

/// The key that a document is encrypted with (AES-256).
pub struct Crypt {
    key: [u8; 32],
}

impl Crypt {
    /// A string of a new object, encrypted, as it is written.
    pub fn string(&self, plain: &[u8]) -> Result<String> {
        Ok(format!("<{}>", hex(&self.bytes(plain)?)))
    }

    /// A new stream's data, encrypted.
    pub fn bytes(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let mut iv = [0_u8; 16];
        fill(&mut iv)?;
        let mut out = iv.to_vec();
        let cipher = cbc::Encryptor::<aes::Aes256>::new(&self.key.into(), &iv.into());
        out.extend(cipher.encrypt_padded_vec::<Pkcs7>(plain));
        Ok(out)
    }
}

/// Encrypts a document (AES-256, revision 6). The password opens it; the owner's is random and forgotten, as
/// nobody may change what is signed.
pub fn encrypt(pdf: &[u8], password: &str) -> Result<(Vec<u8>, Crypt)> {
    check_password(password)?;
    let mut key = [0_u8; 32];
    fill(&mut key)?;
    let mut document = Document::load_mem(pdf)
        .map_err(|_| SigningError::damaged("it cannot be read for encryption", "无法读取以进行加密"))?;
    // Revision 6 belongs to PDF 2.0.
    document.version = "2.0".to_owned();
    document.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
    ensure_id(&mut document)?;
    let filter: Arc<dyn CryptFilter> = Arc::new(Aes256CryptFilter);
    let version = EncryptionVersion::V5 {
        encrypt_metadata: true,
        crypt_filters: BTreeMap::from([(b"StdCF".to_vec(), filter)]),
        file_encryption_key: &key,
        stream_filter: b"StdCF".to_vec(),
        string_filter: b"StdCF".to_vec(),
        owner_password: &random_hex(16)?,
        user_password: password,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).map_err(not_encrypted)?;
    document.encrypt(&state).map_err(not_encrypted)?;
    let mut out = Vec::with_capacity(pdf.len() + pdf.len() / 8);
    document.save_to(&mut out).map_err(not_encrypted)?;
    Ok((out, Crypt { key }))
}

/// Whether PDF can take this password.
pub fn check_password(password: &str) -> Result<()> {
    if password.len() <= MAX_PASSWORD {
        return Ok(());
    }
    Err(SigningError::new(
        SigningReason::Password,
        format!("the password is longer than {MAX_PASSWORD} bytes"),
        format!("密码超过 {MAX_PASSWORD} 字节"),
    ))
}

/// An encrypted file must have an identifier.
fn ensure_id(document: &mut Document) -> Result<()> {
    if document.trailer.get(b"ID").is_err() {
        let mut id = [0_u8; 16];
        fill(&mut id)?;
        let id = Object::String(id.to_vec(), StringFormat::Hexadecimal);
        document.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    }
    Ok(())
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    SystemRandom::new().fill(bytes).map_err(|error| SigningError::internal("random numbers", error))
}

fn not_encrypted(_: impl std::fmt::Display) -> SigningError {
    SigningError::new(
        SigningReason::Password,
        "the document cannot be encrypted with this password",
        "无法用此密码加密文件",
    )
}
