//! Encryption of strings and streams, by the standard's own handler: a new one with the order's password, or the one
//! that a document has already.

mod cipher;
mod opened;
mod password;

use wosigndoc::pdf::{Decrypt, Dict, Item, ObjectId, Value};
use wosigndoc::protocol::hex;

use super::error::Result;
use super::random::random;
use super::splice::Change;
use cipher::Cipher;

pub use opened::open;

/// The key that a document is encrypted with, and how.
#[derive(Clone)]
pub struct Crypt {
    key: Vec<u8>,
    strings: Cipher,
    streams: Cipher,
    /// Whether the metadata are encrypted too.
    metadata: bool,
}

impl std::fmt::Debug for Crypt {
    /// Shows nothing of the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crypt").field("streams", &self.streams).finish_non_exhaustive()
    }
}

impl Crypt {
    /// Makes a new key, for AES-256 by ISO 32000-2 (revision 6).
    pub fn new() -> Result<Crypt> {
        let key: [u8; 32] = random()?;
        Ok(Crypt { key: key.to_vec(), strings: Cipher::Aes256, streams: Cipher::Aes256, metadata: true })
    }

    /// Encrypts a string of this object, and returns it as it is written.
    pub fn string(&self, id: ObjectId, plain: &[u8]) -> Result<String> {
        Ok(format!("<{}>", hex::encode(&self.strings.encrypt(&self.key, id, plain)?)))
    }

    /// Encrypts the data of this stream.
    pub fn bytes(&self, id: ObjectId, plain: &[u8]) -> Result<Vec<u8>> {
        self.streams.encrypt(&self.key, id, plain)
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

impl Decrypt for Crypt {
    fn string(&self, id: ObjectId, bytes: &[u8]) -> Option<Vec<u8>> {
        self.strings.decrypt(&self.key, id, bytes)
    }

    fn data(&self, id: ObjectId, dict: &Dict, bytes: &[u8]) -> Option<Vec<u8>> {
        let is_metadata = dict.get("Type").and_then(|item| item.value.name()) == Some(b"Metadata");
        if is_exempt(dict) || (is_metadata && !self.metadata) {
            return Some(bytes.to_vec());
        }
        self.streams.decrypt(&self.key, id, bytes)
    }
}

/// Says whether a stream tells itself that it is not encrypted.
pub fn is_exempt(dict: &Dict) -> bool {
    let list = |key: &str| match dict.get(key).map(|item| &item.value) {
        Some(Value::Array(items)) => items.iter().map(|item| item.value.clone()).collect(),
        Some(value) => vec![value.clone()],
        None => Vec::new(),
    };
    let is_named = |parameters: &Value| {
        let name = parameters.dict().and_then(|parameters| parameters.get("Name"));
        name.is_some_and(|item| item.value.name() != Some(b"Identity"))
    };
    list("Filter").iter().any(|filter| filter.name() == Some(b"Crypt"))
        && !list("DecodeParms").iter().any(is_named)
}
