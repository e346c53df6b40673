//! Objects as they stand in a PDF, each with its place.

use std::ops::Range;

/// An object and the bytes it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is.
    pub value: Value,
    /// Where it stands in its text.
    pub span: Range<usize>,
}

/// A PDF object that is no stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; its text tells whether it was written as an integer.
    Number(f64),
    /// A name, `#xx` resolved.
    Name(Vec<u8>),
    /// A string, as its bytes stand between the delimiters: nobody here reads them.
    String,
    /// An array.
    Array(Vec<Item>),
    /// A dictionary in its order; of a key that is there twice the first counts.
    Dict(Dict),
    /// A reference: object number and generation.
    Reference(u32, u16),
}

/// A dictionary's entries in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dict(pub Vec<(Vec<u8>, Item)>);

impl Dict {
    /// The entry of this key; one whose value is `null` counts as absent.
    pub fn get(&self, key: &str) -> Option<&Item> {
        let entry = self.0.iter().find(|(name, _)| name == key.as_bytes())?;
        (entry.1.value != Value::Null).then_some(&entry.1)
    }

    /// The entry of this key even if it is `null`.
    pub fn get_any(&self, key: &str) -> Option<&Item> {
        self.0.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, item)| item)
    }
}

impl Value {
    /// As a whole number.
    pub fn integer(&self) -> Option<i64> {
        match self {
            #[allow(clippy::cast_possible_truncation)] // checked to be whole and in range
            Value::Number(n) if n.fract() == 0.0 && n.abs() < 9e15 => Some(*n as i64),
            _ => None,
        }
    }

    /// As a whole number that is not negative.
    pub fn index(&self) -> Option<usize> {
        self.integer().and_then(|n| usize::try_from(n).ok())
    }

    /// As a name's bytes.
    pub fn name(&self) -> Option<&[u8]> {
        match self {
            Value::Name(name) => Some(name),
            _ => None,
        }
    }

    /// As a dictionary.
    pub fn dict(&self) -> Option<&Dict> {
        match self {
            Value::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// As an array.
    pub fn array(&self) -> Option<&[Item]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }
}
