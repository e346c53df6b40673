//! Whether anything in a PDF acts by itself: scripts, and programs that it starts.

use wosigndoc::pdf::{self, Item, PdfErrorKind, PdfFile, Value};

use super::error::{Result, SigningError};

/// Most objects that may be unreadable.
const MAX_UNREADABLE: usize = 1000;

/// Says whether any object holds a JavaScript or Launch action. Objects that are damaged are passed over: no
/// reader that is not more forgiving follows them. What is merely beyond this reader others may follow, so it
/// must not pass for harmless.
pub fn acts(pdf: &PdfFile) -> Result<bool> {
    let mut unreadable = 0;
    for number in pdf.xref().numbers() {
        match pdf.load(number) {
            Ok(Some(object)) if item_acts(pdf, &object.item)? => return Ok(true),
            Ok(_) => {}
            Err(error) if error.kind == PdfErrorKind::Damaged => unreadable += 1,
            Err(error) => return Err(error.into()),
        }
        if unreadable > MAX_UNREADABLE {
            return Err(SigningError::unsupported(
                "too many of its objects cannot be read",
                "无法读取的对象过多",
            ));
        }
    }
    Ok(false)
}

fn item_acts(pdf: &PdfFile, item: &Item) -> pdf::Result<bool> {
    let mut found = false;
    match &item.value {
        Value::Array(items) => {
            for item in items {
                found |= item_acts(pdf, item)?;
            }
        }
        Value::Dict(dict) => {
            // Of a key that is there twice, readers take the first or the last: either may act.
            for (key, item) in &dict.0 {
                found |= match key.as_slice() {
                    b"S" if starts(pdf, &item.value)? => true,
                    b"JS" if item.value != Value::Null => true,
                    _ => item_acts(pdf, item)?,
                };
            }
        }
        _ => {}
    }
    Ok(found)
}

/// Says whether an action of this kind acts; the kind may be an object of its own.
fn starts(pdf: &PdfFile, kind: &Value) -> pdf::Result<bool> {
    match pdf.resolve(kind) {
        Ok(kind) => Ok(matches!(kind.name(), Some(b"JavaScript" | b"Launch"))),
        Err(error) if error.kind == PdfErrorKind::Damaged => Ok(false),
        Err(error) => Err(error),
    }
}
