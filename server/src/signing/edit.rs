//! Puts a signature field into a page's annotations and the document's form, leaving all else as it stands.

use std::ops::Range;

use wosigndoc::pdf::{Dict, Item, Object, ObjectId, Page, PdfFile, Value};

use super::append::Increment;
use super::error::{Result, SigningError};
use super::splice::{Change, spliced};

/// Signatures exist, and the file may only be appended to.
const SIG_FLAGS: i64 = 3;

/// An object's old text with changes to be made.
struct Patch {
    id: ObjectId,
    text: Vec<u8>,
    /// Where the text starts in what its spans count from.
    base: usize,
    changes: Vec<Change>,
}

impl Patch {
    fn new(pdf: &PdfFile, object: &Object) -> Patch {
        let text = pdf.text(object).to_vec();
        Patch { id: object.id, text, base: object.item.span.start, changes: Vec::new() }
    }

    fn replace(&mut self, span: &Range<usize>, with: impl Into<Vec<u8>>) {
        self.changes.push((span.clone(), with.into()));
    }

    /// Puts text before the delimiter of this length that ends an array or a dictionary.
    fn insert_before_end(&mut self, item: &Item, delimiter: usize, with: String) {
        let at = item.span.end - delimiter;
        self.replace(&(at..at), with);
    }

    fn apply(self, increment: &mut Increment) {
        if self.changes.is_empty() {
            return;
        }
        increment.put(self.id, spliced(&self.text, self.base, self.changes));
    }
}

/// Adds a widget to a page's annotations.
pub fn add_annotation(pdf: &PdfFile, page: &Page, widget: u32, increment: &mut Increment) -> Result<()> {
    let object = pdf.object(page.id)?.ok_or_else(no_page)?;
    let dict = object.dict().ok_or_else(no_page)?;
    let mut patch = Patch::new(pdf, &object);
    add_reference(pdf, &mut patch, &object.item, dict, "Annots", widget, page.shares_annotations, increment)?;
    patch.apply(increment);
    Ok(())
}

/// Adds a field to the document's form, which is made if there is none.
pub fn add_field(pdf: &PdfFile, field: u32, increment: &mut Increment) -> Result<()> {
    let catalog = pdf.catalog()?;
    let catalog_dict = catalog.dict().ok_or_else(bad_form)?;
    let mut patch = Patch::new(pdf, &catalog);
    match catalog_dict.get_or_null("AcroForm") {
        Some(item) => match &item.value {
            Value::Dict(form) => extend_form(pdf, &mut patch, item, form, field, increment)?,
            Value::Reference(id) => match pdf.object(*id)? {
                Some(form) => {
                    let dict = form.dict().ok_or_else(bad_form)?;
                    let mut form_patch = Patch::new(pdf, &form);
                    extend_form(pdf, &mut form_patch, &form.item, dict, field, increment)?;
                    form_patch.apply(increment);
                }
                None => patch.replace(&item.span, format!("{} 0 R", new_form(field, increment))),
            },
            Value::Null => patch.replace(&item.span, format!("{} 0 R", new_form(field, increment))),
            _ => return Err(bad_form()),
        },
        None => {
            let form = new_form(field, increment);
            patch.insert_before_end(&catalog.item, 2, format!(" /AcroForm {form} 0 R"));
        }
    }
    patch.apply(increment);
    Ok(())
}

fn new_form(field: u32, increment: &mut Increment) -> u32 {
    let number = increment.reserve();
    increment
        .put(ObjectId::new(number), format!("<</Fields [{field} 0 R] /SigFlags {SIG_FLAGS}>>").into_bytes());
    number
}

fn extend_form(
    pdf: &PdfFile,
    patch: &mut Patch,
    item: &Item,
    form: &Dict,
    field: u32,
    increment: &mut Increment,
) -> Result<()> {
    add_reference(pdf, patch, item, form, "Fields", field, false, increment)?;
    match form.get_or_null("SigFlags") {
        None => patch.insert_before_end(item, 2, format!(" /SigFlags {SIG_FLAGS}")),
        Some(flags) => {
            let old = pdf.resolve(&flags.value)?.integer().unwrap_or(0);
            if old & SIG_FLAGS != SIG_FLAGS {
                patch.replace(&flags.span, (old | SIG_FLAGS).to_string());
            }
        }
    }
    Ok(())
}

/// Adds a reference to the array under this key: direct, an object of its own, or not there yet. An array
/// that others share is copied into the dictionary instead.
#[allow(clippy::too_many_arguments)]
fn add_reference(
    pdf: &PdfFile,
    patch: &mut Patch,
    holder: &Item,
    dict: &Dict,
    key: &str,
    number: u32,
    shared: bool,
    increment: &mut Increment,
) -> Result<()> {
    let Some(item) = dict.get_or_null(key) else {
        patch.insert_before_end(holder, 2, format!(" /{key} [{number} 0 R]"));
        return Ok(());
    };
    let fresh = format!("[{number} 0 R]");
    match &item.value {
        Value::Array(_) => patch.insert_before_end(item, 1, format!(" {number} 0 R")),
        Value::Null => patch.replace(&item.span, fresh),
        Value::Reference(id) => match pdf.object(*id)? {
            None => patch.replace(&item.span, fresh),
            Some(array) if array.item.value.array().is_none() => return Err(bad_form()),
            Some(array) => {
                let mut array_patch = Patch::new(pdf, &array);
                array_patch.insert_before_end(&array.item, 1, format!(" {number} 0 R"));
                if shared {
                    let copy = spliced(&array_patch.text, array_patch.base, array_patch.changes);
                    patch.replace(&item.span, copy);
                } else {
                    array_patch.apply(increment);
                }
            }
        },
        _ => return Err(bad_form()),
    }
    Ok(())
}

fn no_page() -> SigningError {
    SigningError::damaged("a page cannot be read", "有页面无法读取")
}

fn bad_form() -> SigningError {
    SigningError::damaged("its form or a page's annotations cannot be read", "表单或页面注释无法读取")
}
