//! How a file is read whose strings and streams are encrypted: whoever has its key says how.

use std::fmt::Debug;

use super::value::{Dict, Item, ObjectId, Value};

/// Decrypts what belongs to an object.
pub trait Decrypt: Debug + Send + Sync {
    /// Returns a string's bytes; `None` if it is not encrypted as it should be.
    fn string(&self, id: ObjectId, bytes: &[u8]) -> Option<Vec<u8>>;

    /// Returns the bytes of a stream with this dictionary, packed as they are; `None` if they are not encrypted as
    /// they should be.
    fn data(&self, id: ObjectId, dict: &Dict, bytes: &[u8]) -> Option<Vec<u8>>;

    /// Says whether a string, or a stream with this dictionary, is encrypted as the standard has it to the last byte:
    /// readers make different things of what is not.
    fn is_whole(&self, id: ObjectId, dict: Option<&Dict>, bytes: &[u8]) -> bool;
}

/// Decrypts an object's strings where they are, and says whether all of them are encrypted as they should be. A signature
/// stands as it is, and so does what cannot be decrypted.
pub fn strings(decrypt: &dyn Decrypt, id: ObjectId, value: &mut Value) -> bool {
    let each = |items: &mut dyn Iterator<Item = &mut Item>| {
        let mut are_whole = true;
        // To the end, also behind one that is not.
        items.for_each(|item| are_whole &= strings(decrypt, id, &mut item.value));
        are_whole
    };
    match value {
        Value::String(bytes) => {
            let is_whole = decrypt.is_whole(id, None, bytes);
            *bytes = decrypt.string(id, bytes).unwrap_or_else(|| std::mem::take(bytes));
            is_whole
        }
        Value::Array(items) => each(&mut items.iter_mut()),
        Value::Dict(dict) => {
            let is_signature = dict.get("ByteRange").is_some();
            let entries = dict.0.iter_mut().filter(|(key, _)| !is_signature || key != b"Contents");
            each(&mut entries.map(|(_, item)| item))
        }
        _ => true,
    }
}
