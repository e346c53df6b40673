//! The values of form fields, which their widgets show.

use super::snapshot::{Node, Snapshot};
use crate::pdf::{Object, Value};

/// Most levels of fields above a field that are looked at.
pub const MAX_LEVELS: usize = 64;

/// Returns the node with the value of a field or of a widget's field; without one, the field. `None`: a widget names
/// no field that it belongs to.
pub fn value_of<'s>(snapshot: &'s Snapshot<'_>, node: &'s Node) -> Option<&'s Node> {
    let has = |node: &Node, key: &str| node.object.dict().is_some_and(|dict| dict.get(key).is_some());
    let mut field = node;
    for _ in 0..MAX_LEVELS {
        if has(field, "T") || !has(field, "Parent") {
            break;
        }
        field = snapshot.above(field)?;
    }
    let mut holder = field;
    for _ in 0..MAX_LEVELS {
        if has(holder, "V") {
            return Some(holder);
        }
        match snapshot.above(holder) {
            Some(above) => holder = above,
            None => break,
        }
    }
    Some(field)
}

/// Says whether a value is none that people would see.
pub fn is_empty(value: Option<&Object>) -> bool {
    value.is_none_or(|value| match &value.item.value {
        Value::String(bytes) => bytes.is_empty() || bytes == b"\xfe\xff",
        Value::Name(name) => name.is_empty() || name == b"Off",
        Value::Array(items) => items.is_empty(),
        _ => false,
    })
}
