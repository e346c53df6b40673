//! The signatures that a PDF carries.

use super::error::Result;
use super::file::PdfFile;
use super::form::{Field, fields};
use super::object::Object;

/// Most references of one signature that are looked at.
const MAX_REFERENCES: usize = 64;

/// A signature field that is signed, and what it is signed with.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The field.
    pub field: Field,
    /// The signature dictionary. With [`PdfFile::get`] and [`Object::place`], its `Contents` tells where the
    /// signature stands in the file.
    pub object: Object,
}

/// Returns the signatures in the form's fields, document time stamps among them, in the order of the form. Each
/// is read when it is asked for.
///
/// # Errors
/// As [`fields`].
pub fn signatures(pdf: &PdfFile) -> Result<impl Iterator<Item = Result<Signature>> + '_> {
    let signature = |field: Field| {
        let object = pdf.get(&field.object, "V")?.filter(|object| object.dict().is_some());
        Ok(object.map(|object| Signature { field, object }))
    };
    Ok(fields(pdf)?.filter_map(move |field| match field {
        Ok(field) if field.kind.as_deref() == Some(b"Sig") => signature(field).transpose(),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    }))
}

impl Signature {
    /// Returns the whole numbers of `/ByteRange` as they are: nothing is said about their sense. `None` if they
    /// are anything else.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn byte_range(&self, pdf: &PdfFile) -> Result<Option<Vec<i64>>> {
        let Some(array) = pdf.get(&self.object, "ByteRange")? else { return Ok(None) };
        let items = array.item.value.array();
        Ok(items.and_then(|items| items.iter().map(|item| item.value.integer()).collect()))
    }
}

/// Returns what a certifying signature allows afterwards, `/P` of its `DocMDP`: 1 nothing, 2 filling in forms and
/// signing, 3 also annotations; of several the strictest. `None`: it does not certify.
///
/// # Errors
/// When an object cannot be read.
pub fn permission(pdf: &PdfFile, signature: &Object) -> Result<Option<i64>> {
    let Some(references) = pdf.get(signature, "Reference")? else { return Ok(None) };
    let mut strictest = None;
    for item in references.item.value.array().unwrap_or_default().iter().take(MAX_REFERENCES) {
        let Some(reference) = pdf.follow(&references, item)? else { continue };
        let method = pdf.get(&reference, "TransformMethod")?;
        if method.is_none_or(|method| method.item.value.name() != Some(b"DocMDP")) {
            continue;
        }
        let parameters = pdf.get(&reference, "TransformParams")?;
        let level = parameters.map_or(Ok(None), |parameters| pdf.get(&parameters, "P"))?;
        let level = level.and_then(|level| level.item.value.integer());
        // The standard's own default, also for what it does not define.
        let level = level.filter(|level| (1..=3).contains(level)).unwrap_or(2);
        strictest = Some(strictest.map_or(level, |before: i64| before.min(level)));
    }
    Ok(strictest)
}
