//! Encrypted files: the standard's own handler, whose key a password opens (RC4, AES-128, AES-256).

mod cipher;
mod handler;
mod password;

use super::decrypt::Decrypt;
use super::value::{Dict, ObjectId, Value};

pub use cipher::{Cipher, rc4};
pub use handler::key_of;
pub use password::password_hash;

/// The key that a document is encrypted with, and how.
#[derive(Clone)]
pub struct Key {
    /// The key itself.
    pub key: Vec<u8>,
    /// How strings are encrypted.
    pub strings: Cipher,
    /// How streams are encrypted.
    pub streams: Cipher,
    /// Whether the metadata are encrypted too.
    pub metadata: bool,
}

impl std::fmt::Debug for Key {
    /// Shows nothing of the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("streams", &self.streams).finish_non_exhaustive()
    }
}

impl Decrypt for Key {
    fn string(&self, id: ObjectId, bytes: &[u8]) -> Option<Vec<u8>> {
        self.strings.decrypt(&self.key, id, bytes)
    }

    fn data(&self, id: ObjectId, dict: &Dict, bytes: &[u8]) -> Option<Vec<u8>> {
        self.cipher_of(dict).decrypt(&self.key, id, bytes)
    }

    fn is_whole(&self, id: ObjectId, dict: Option<&Dict>, bytes: &[u8]) -> bool {
        let cipher = dict.map_or(self.strings, |dict| self.cipher_of(dict));
        cipher.is_whole(&self.key, id, bytes)
    }
}

impl Key {
    /// Returns how a stream with this dictionary is encrypted.
    fn cipher_of(&self, dict: &Dict) -> Cipher {
        let is_metadata = dict.get("Type").and_then(|item| item.value.name()) == Some(b"Metadata");
        if is_exempt(dict) || (is_metadata && !self.metadata) { Cipher::Identity } else { self.streams }
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
