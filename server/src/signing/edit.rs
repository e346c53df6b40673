//! Puts a signature field into a page's annotations and the document's form, leaving all else as it stands.

use std::ops::Range;

use wosigndoc::pdf::{Dict, Item, Object, ObjectId, Page, PdfFile, Value};
use wosigndoc::protocol::Bilingual;

use super::append::Increment;
use super::crypt::Crypt;
use super::error::{Result, SigningError};
use super::splice::{Change, spliced};

/// Signatures exist, and the file may only be appended to.
const SIG_FLAGS: i64 = 3;

/// Changes a file's objects in a revision that is to be appended.
pub struct Editor<'a> {
    /// The file.
    pub pdf: &'a PdfFile,
    /// How it is encrypted, if it is.
    pub crypt: Option<&'a Crypt>,
    /// The revision.
    pub increment: &'a mut Increment,
    /// Whether what stands directly where an object is better referred to becomes an object of its own. Not where
    /// earlier signatures would be harmed by it.
    pub is_first: bool,
}

/// An object's old text with changes to be made.
pub struct Patch {
    id: ObjectId,
    text: Vec<u8>,
    /// Where the text starts in what its spans count from.
    base: usize,
    changes: Vec<Change>,
    /// Changes that every object needs which stands by itself from now on.
    moved: Vec<Change>,
}

impl Patch {
    /// Puts text in the place of a part.
    pub fn replace(&mut self, span: &Range<usize>, with: impl Into<Vec<u8>>) {
        self.changes.push((span.clone(), with.into()));
    }

    /// Puts text before the delimiter of this length that ends an array or a dictionary.
    pub fn insert_before_end(&mut self, item: &Item, delimiter: usize, with: String) {
        let at = item.span.end - delimiter;
        self.replace(&(at..at), with);
    }

    fn apply(self, increment: &mut Increment) {
        if self.changes.is_empty() {
            return;
        }
        let id = self.id;
        increment.put(id, self.into_text());
    }

    fn into_text(self) -> Vec<u8> {
        let Patch { text, base, mut changes, moved, .. } = self;
        // A part that is replaced as a whole takes its strings along.
        let kept = |(span, _): &Change| {
            !changes.iter().any(|(gone, _)| gone.start <= span.start && span.end <= gone.end)
        };
        let moved: Vec<Change> = moved.into_iter().filter(kept).collect();
        changes.extend(moved);
        spliced(&text, base, changes)
    }
}

impl Editor<'_> {
    /// Begins to change an object. The strings of one that comes out of an object stream are encrypted from now on.
    pub fn patch(&self, object: &Object) -> Result<Patch> {
        let mut moved = Vec::new();
        if let Some(crypt) = self.crypt.filter(|_| object.place().is_none()) {
            crypt.strings(object.id, &object.item, &mut moved)?;
        }
        let text = self.pdf.text(object).to_vec();
        Ok(Patch { id: object.id, text, base: object.item.span.start, changes: Vec::new(), moved })
    }

    /// Puts a changed object into the revision.
    pub fn apply(&mut self, patch: Patch) {
        patch.apply(self.increment);
    }

    /// Adds a widget to a page's annotations.
    pub fn add_annotation(&mut self, page: &Page, widget: u32) -> Result<()> {
        let object = self.pdf.object(page.id)?.ok_or_else(no_page)?;
        let dict = object.dict().ok_or_else(no_page)?;
        let mut patch = self.patch(&object)?;
        self.add_reference(&mut patch, &object.item, dict, "Annots", widget, page.shares_annotations)?;
        self.apply(patch);
        Ok(())
    }

    /// Makes the annotations of a page objects of their own, so that a later revision only adds to them.
    pub fn make_annotations_indirect(&mut self, page: &Page) -> Result<()> {
        if !self.is_first || page.shares_annotations {
            return Ok(());
        }
        let object = self.pdf.object(page.id)?.ok_or_else(no_page)?;
        let Some(item) = object.dict().and_then(|dict| dict.get("Annots")) else { return Ok(()) };
        let (holder, array) = match (&item.value, self.pdf.follow(&object, item)?) {
            (Value::Reference(_), Some(array)) => (array.clone(), array.item),
            _ => (object.clone(), item.clone()),
        };
        let mut patch = self.patch(&holder)?;
        self.make_indirect_in(&mut patch, &array)?;
        self.apply(patch);
        Ok(())
    }

    /// Adds a field to the document's form, which is made if there is none.
    pub fn add_field(&mut self, field: u32) -> Result<()> {
        let catalog = self.pdf.catalog()?;
        let catalog_dict = catalog.dict().ok_or_else(bad_form)?;
        let mut patch = self.patch(&catalog)?;
        match catalog_dict.get_or_null("AcroForm") {
            Some(item) => match &item.value {
                Value::Dict(form) => self.extend_form(&mut patch, item, form, field)?,
                Value::Reference(id) => match self.pdf.object(*id)? {
                    Some(form) => {
                        let dict = form.dict().ok_or_else(bad_form)?;
                        let mut form_patch = self.patch(&form)?;
                        self.extend_form(&mut form_patch, &form.item, dict, field)?;
                        self.apply(form_patch);
                    }
                    None => patch.replace(&item.span, format!("{} 0 R", self.new_form(field))),
                },
                Value::Null => patch.replace(&item.span, format!("{} 0 R", self.new_form(field))),
                _ => return Err(bad_form()),
            },
            None => {
                let form = self.new_form(field);
                patch.insert_before_end(&catalog.item, 2, format!(" /AcroForm {form} 0 R"));
            }
        }
        self.apply(patch);
        Ok(())
    }

    fn new_form(&mut self, field: u32) -> u32 {
        let number = self.increment.reserve();
        let text = format!("<</Fields [{field} 0 R] /SigFlags {SIG_FLAGS}>>");
        self.increment.put(ObjectId::new(number), text.into_bytes());
        number
    }

    fn extend_form(&mut self, patch: &mut Patch, item: &Item, form: &Dict, field: u32) -> Result<()> {
        self.add_reference(patch, item, form, "Fields", field, false)?;
        // Viewers that make all appearances anew make none for a signature.
        if let Some(wish) = form.get("NeedAppearances") {
            patch.replace(&wish.span, "false");
        }
        match form.get_or_null("SigFlags") {
            None => patch.insert_before_end(item, 2, format!(" /SigFlags {SIG_FLAGS}")),
            Some(flags) => {
                let old = self.pdf.resolve(&flags.value)?.integer().unwrap_or(0);
                if old & SIG_FLAGS != SIG_FLAGS {
                    patch.replace(&flags.span, (old | SIG_FLAGS).to_string());
                }
            }
        }
        Ok(())
    }

    /// Adds a reference to the array under this key: direct, an object of its own, or not there yet. An array
    /// that others share is copied into the dictionary instead.
    fn add_reference(
        &mut self,
        patch: &mut Patch,
        holder: &Item,
        dict: &Dict,
        key: &str,
        number: u32,
        shared: bool,
    ) -> Result<()> {
        let Some(item) = dict.get_or_null(key) else {
            patch.insert_before_end(holder, 2, format!(" /{key} [{number} 0 R]"));
            return Ok(());
        };
        let fresh = format!("[{number} 0 R]");
        match &item.value {
            Value::Array(_) => {
                self.make_indirect_in(patch, item)?;
                patch.insert_before_end(item, 1, format!(" {number} 0 R"));
            }
            Value::Null => patch.replace(&item.span, fresh),
            Value::Reference(id) => match self.pdf.object(*id)? {
                None => patch.replace(&item.span, fresh),
                Some(array) if array.item.value.array().is_none() => return Err(bad_form()),
                Some(array) => {
                    let mut array_patch = self.patch(&array)?;
                    self.make_indirect_in(&mut array_patch, &array.item)?;
                    array_patch.insert_before_end(&array.item, 1, format!(" {number} 0 R"));
                    if shared {
                        patch.replace(&item.span, array_patch.into_text());
                    } else {
                        self.apply(array_patch);
                    }
                }
            },
            _ => return Err(bad_form()),
        }
        Ok(())
    }

    /// Makes each dictionary that stands directly in this array an object of its own.
    fn make_indirect_in(&mut self, patch: &mut Patch, array: &Item) -> Result<()> {
        for item in array.value.array().unwrap_or_default() {
            if !self.is_first || item.value.dict().is_none() {
                continue;
            }
            let number = self.increment.reserve();
            let id = ObjectId::new(number);
            let mut strings = Vec::new();
            if let Some(crypt) = self.crypt {
                crypt.strings(id, item, &mut strings)?;
            }
            let start = item.span.start - patch.base;
            let text = patch.text.get(start..item.span.end - patch.base).unwrap_or_default();
            self.increment.put(id, spliced(text, item.span.start, strings));
            patch.replace(&item.span, format!("{id} R"));
        }
        Ok(())
    }
}

fn no_page() -> SigningError {
    SigningError::damaged(Bilingual::fixed("a page cannot be read", "有页面无法读取"))
}

fn bad_form() -> SigningError {
    SigningError::damaged(Bilingual::fixed(
        "its form or a page's annotations cannot be read",
        "表单或页面注释无法读取",
    ))
}
