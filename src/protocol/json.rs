//! Reading JSON whose meaning is the same for everybody: a name that stands in an object twice, with different
//! values, would be read as the one by some and as the other by others.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::bilingual::Bilingual;
use super::catalogue::Reason;
use super::foreign;

/// May stand before a text in UTF-8 (P-5).
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads one JSON value; a byte order mark before it is skipped (P-5).
///
/// # Errors
/// The parser's; one that is about data, not syntax, when a name stands twice with different values.
pub(crate) fn parse(text: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(without_mark(text)).map(|Read::<false>(value)| value)
}

/// Reads one JSON value in which a name that stands twice, with different values, has the value of [`foreign::twice`].
///
/// # Errors
/// The parser's.
pub(super) fn parse_twice(text: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(without_mark(text)).map(|Read::<true>(value)| value)
}

/// Reads one JSON value that a caller gives.
///
/// # Errors
/// `bad_json`.
pub(crate) fn value(text: &[u8]) -> super::Result<Value> {
    parse(text).map_err(|error| super::Error::new(Reason::BadJson).detailed(describe(&error)))
}

/// Returns the parser's words without the text that it stumbled over.
pub(super) fn describe(error: &serde_json::Error) -> Bilingual {
    use serde_json::error::Category as C;
    let (en, zh) = match error.classify() {
        C::Eof => ("unexpected end", "意外结束"),
        C::Data => ("a name that stands twice, with different values,", "同一名称出现两次且取值不同"),
        C::Syntax | C::Io => ("syntax error", "语法错误"),
    };
    let (line, column) = (error.line(), error.column());
    Bilingual::new(
        format!("{en} at line {line}, column {column}"),
        format!("第 {line} 行第 {column} 列：{zh}"),
    )
}

/// Returns a text without the byte order mark before it.
#[must_use]
pub fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// A value, in which a name may stand twice or not.
struct Read<const TWICE: bool>(Value);

impl<'de, const TWICE: bool> Deserialize<'de> for Read<TWICE> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Read<TWICE>, D::Error> {
        deserializer.deserialize_any(Reader::<TWICE>).map(Read)
    }
}

struct Reader<const TWICE: bool>;

impl<'de, const TWICE: bool> Visitor<'de> for Reader<TWICE> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Read::<TWICE>(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            let Read::<TWICE>(value) = object.next_value()?;
            let differs = map.get(&name).is_some_and(|before| *before != value);
            if differs && !TWICE {
                return Err(Error::custom("a name stands twice, with different values"));
            }
            map.insert(name, if differs { foreign::twice() } else { value });
        }
        Ok(Value::Object(map))
    }
}
