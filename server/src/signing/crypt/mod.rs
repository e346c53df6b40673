//! Encryption of strings and streams, by the standard's own handler: a new one with the order's password, or the one
//! that a document has already.

mod opened;
mod password;

use std::sync::Arc;

use wosigndoc::pdf::{Cipher, Decrypt, Dict, Item, Key, ObjectId, Value};
use wosigndoc::protocol::hex;

use super::error::{Result, SigningError};
use super::random::random;
use super::splice::Change;

pub use opened::open;
pub use wosigndoc::pdf::is_exempt;

/// The key that a document is encrypted with, which also encrypts what is added to it.
#[derive(Clone, Debug)]
pub struct Crypt(Key);

impl Crypt {
    /// Makes a new key, for AES-256 by ISO 32000-2 (revision 6).
    pub fn new() -> Result<Crypt> {
        let key: [u8; 32] = random()?;
        let (strings, streams) = (Cipher::Aes256, Cipher::Aes256);
        Ok(Crypt(Key { key: key.to_vec(), strings, streams, metadata: true }))
    }

    /// Returns what decrypts with this key.
    pub fn decrypt(&self) -> Arc<dyn Decrypt> {
        Arc::new(self.0.clone())
    }

    fn encrypt(&self, cipher: Cipher, id: ObjectId, plain: &[u8]) -> Result<Vec<u8>> {
        let encrypted = cipher.encrypt(&self.0.key, random()?, id, plain);
        encrypted.ok_or_else(|| SigningError::internal("encryption", "short key"))
    }

    /// Encrypts a string of this object, and returns it as it is written.
    pub fn string(&self, id: ObjectId, plain: &[u8]) -> Result<String> {
        Ok(format!("<{}>", hex::encode(&self.encrypt(self.0.strings, id, plain)?)))
    }

    /// Encrypts the data of this stream.
    pub fn bytes(&self, id: ObjectId, plain: &[u8]) -> Result<Vec<u8>> {
        self.encrypt(self.0.streams, id, plain)
    }

    /// Notes the strings of an item as they are written in this object.
    pub fn strings(&self, id: ObjectId, item: &Item, changes: &mut Vec<Change>) -> Result<()> {
        match &item.value {
            Value::String(plain) => changes.push((item.span.clone(), self.string(id, plain)?.into_bytes())),
            Value::Array(items) => {
                for item in items {
                    self.strings(id, item, changes)?;
                }
            }
            Value::Dict(Dict(entries)) => {
                for (_, item) in entries {
                    self.strings(id, item, changes)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}
