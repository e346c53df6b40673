//! Whether anything in a PDF acts by itself: scripts, and programs that it starts.

use wosigndoc::pdf::{Item, PdfFile, Value};

use super::error::{Result, SigningError};

/// Most objects that may be unreadable.
const MAX_UNREADABLE: usize = 1000;

/// True if any object holds a JavaScript or Launch action. Objects that cannot be read are passed over: no
/// reader that is not more forgiving follows them.
pub fn acts(pdf: &PdfFile) -> Result<bool> {
    let mut numbers: Vec<u32> = pdf.xref.places.keys().copied().collect();
    numbers.sort_unstable();
    let mut unreadable = 0;
    for number in numbers {
        match pdf.load(number) {
            Ok(Some(object)) if item_acts(pdf, &object.item) => return Ok(true),
            Ok(_) => {}
            Err(_) => unreadable += 1,
        }
        // Out of bounds, the rest was not looked at: that must not pass for harmless.
        pdf.check_limits()?;
        if unreadable > MAX_UNREADABLE {
            return Err(SigningError::unsupported(
                "too many of its objects cannot be read",
                "无法读取的对象过多",
            ));
        }
    }
    Ok(false)
}

fn item_acts(pdf: &PdfFile, item: &Item) -> bool {
    match &item.value {
        Value::Array(items) => items.iter().any(|item| item_acts(pdf, item)),
        Value::Dict(dict) => {
            // Of a key that is there twice, readers take the first or the last: either may act.
            dict.0.iter().any(|(key, item)| match key.as_slice() {
                b"S" if starts(pdf, &item.value) => true,
                b"JS" if item.value != Value::Null => true,
                _ => item_acts(pdf, item),
            })
        }
        _ => false,
    }
}

/// Whether an action of this kind acts; the kind may be an object of its own.
fn starts(pdf: &PdfFile, kind: &Value) -> bool {
    let acts = |kind: &Value| matches!(kind.name(), Some(b"JavaScript" | b"Launch"));
    match kind {
        Value::Reference(number, generation) => pdf
            .object((*number, *generation))
            .is_ok_and(|object| object.is_some_and(|it| acts(&it.item.value))),
        kind => acts(kind),
    }
}
