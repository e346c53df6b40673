//! Objects as they stand in a PDF, each with its place.

use std::fmt;
use std::ops::Range;

use super::string;

/// Number and generation of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    /// The object's number.
    pub number: u32,
    /// Its generation: 0, unless the number was used before.
    pub generation: u16,
}

/// An object and the bytes that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The object itself.
    pub value: Value,
    /// Its place in the text that it was read from, delimiters included.
    pub span: Range<usize>,
}

/// A PDF object that is no stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number that was written without a point.
    Number(f64),
    /// A number that was written with a point: where whole numbers belong, readers do not take it for one.
    Real(f64),
    /// A name, `#xx` resolved.
    Name(Vec<u8>),
    /// A string, escapes or hexadecimal digits resolved; in an encrypted file still encrypted.
    String(Vec<u8>),
    /// An array.
    Array(Vec<Item>),
    /// A dictionary.
    Dict(Dict),
    /// A reference to another object.
    Reference(ObjectId),
}

/// A dictionary's entries in their order; of a key that is there twice the first counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dict(pub Vec<(Vec<u8>, Item)>);

impl ObjectId {
    /// Returns the first object that this number stands for.
    pub const fn new(number: u32) -> ObjectId {
        ObjectId { number, generation: 0 }
    }
}

impl fmt::Display for ObjectId {
    /// Writes it as it stands before `obj` and in references: `12 0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number, self.generation)
    }
}

impl Dict {
    /// Returns the entry of this key; one whose value is `null` counts as absent.
    pub fn get(&self, key: &str) -> Option<&Item> {
        self.get_or_null(key).filter(|item| item.value != Value::Null)
    }

    /// Returns the entry of this key even if its value is `null`.
    pub fn get_or_null(&self, key: &str) -> Option<&Item> {
        self.0.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, item)| item)
    }
}

impl Value {
    /// Returns a number, however it was written.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) | Value::Real(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns a number that is whole, also if it was written with a point.
    pub fn integer(&self) -> Option<i64> {
        match self {
            #[allow(clippy::cast_possible_truncation)] // checked to be whole and in range
            Value::Number(n) | Value::Real(n) if n.fract() == 0.0 && n.abs() < 9e15 => Some(*n as i64),
            _ => None,
        }
    }

    /// Returns a number that is whole and not negative.
    pub fn index(&self) -> Option<usize> {
        self.integer().and_then(|n| usize::try_from(n).ok())
    }

    /// Returns a name's bytes.
    pub fn name(&self) -> Option<&[u8]> {
        match self {
            Value::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Returns a string's bytes.
    pub fn string(&self) -> Option<&[u8]> {
        match self {
            Value::String(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Returns a string that people read: in UTF-16 or UTF-8 with their marks, otherwise in PDF's own
    /// encoding. What is no character becomes U+FFFD.
    pub fn text(&self) -> Option<String> {
        self.string().map(string::text)
    }

    /// Returns an array's items.
    pub fn array(&self) -> Option<&[Item]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// Returns a dictionary.
    pub fn dict(&self) -> Option<&Dict> {
        match self {
            Value::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// Returns the object that a reference names.
    pub fn reference(&self) -> Option<ObjectId> {
        match self {
            Value::Reference(id) => Some(*id),
            _ => None,
        }
    }
}
