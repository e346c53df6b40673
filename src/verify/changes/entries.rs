//! The entries of dictionaries, as far as programs may read them in different ways: those that are there twice, and numbers.

use std::collections::HashMap;

use crate::pdf::{Dict, Value};

/// What says where something is or how large: numbers that readers take as they are, with a point or without.
const MEASURES: [&str; 9] =
    ["Rect", "BBox", "Matrix", "MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "FontBBox"];

/// Says whether an entry of this key is a rectangle or a matrix.
pub fn is_measure(key: &[u8]) -> bool {
    MEASURES.iter().any(|name| name.as_bytes() == key)
}

/// Says whether two rectangles or matrices have the same numbers, however these are written.
pub fn are_alike(old: &Value, new: &Value) -> bool {
    let (Some(old), Some(new)) = (old.array(), new.array()) else { return false };
    old.len() == new.len()
        && old.len() <= 6
        && old
            .iter()
            .zip(new)
            .all(|(old, new)| old.value.number().is_some_and(|number| new.value.number() == Some(number)))
}

/// Returns the entries of a dictionary by their keys; of a key that is there twice the first.
pub fn first_entries(dict: &Dict) -> HashMap<&[u8], &Value> {
    let mut entries = HashMap::with_capacity(dict.0.len());
    for (key, item) in &dict.0 {
        entries.entry(key.as_slice()).or_insert(&item.value);
    }
    entries
}

/// Says whether a dictionary has a key twice: some readers take the first, others the last.
pub fn repeats(dict: &Dict) -> bool {
    match dict.0.as_slice() {
        [] | [_] => false,
        entries if entries.len() <= 16 => entries.iter().enumerate().any(|(at, (key, _))| {
            entries.get(at + 1..).unwrap_or_default().iter().any(|(other, _)| other == key)
        }),
        _ => first_entries(dict).len() != dict.0.len(),
    }
}
