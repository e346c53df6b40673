//! What signatures a PDF carries already, and what they allow.

use std::collections::HashSet;

use super::error::{PdfError, Result};
use super::file::PdfFile;
use super::value::{Dict, Value};

/// Most form fields that are looked at.
const MAX_FIELDS: usize = 200_000;

/// The signatures of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// How many fields are signed.
    pub signed: usize,
    /// Whether one of them forbids every further change, a signature included (DocMDP P=1).
    pub forbids_changes: bool,
}

/// Looks through the form's fields and the document's permissions.
pub fn existing(pdf: &PdfFile) -> Result<Existing> {
    let catalog = pdf.catalog()?;
    let mut found = Existing::default();
    let Some(catalog) = catalog.item.value.dict() else { return Ok(found) };
    if let Value::Dict(permissions) = pdf.entry(catalog, "Perms")?
        && let Value::Dict(signature) = pdf.entry(&permissions, "DocMDP")?
    {
        found.forbids_changes |= forbids(pdf, &signature)?;
    }
    let Value::Dict(form) = pdf.entry(catalog, "AcroForm")? else { return Ok(found) };
    let Value::Array(fields) = pdf.entry(&form, "Fields")? else { return Ok(found) };
    let mut waiting: Vec<(Value, bool)> = fields.into_iter().map(|item| (item.value, false)).collect();
    let mut seen = HashSet::new();
    while let Some((value, above_is_signature)) = waiting.pop() {
        if let Value::Reference(number, _) = value
            && !seen.insert(number)
        {
            continue;
        }
        let Value::Dict(field) = pdf.resolve(&value)? else { continue };
        let is_signature = match pdf.entry(&field, "FT")? {
            Value::Name(kind) => kind == b"Sig",
            _ => above_is_signature,
        };
        if is_signature {
            look_at(pdf, &field, &mut found)?;
        }
        if let Value::Array(kids) = pdf.entry(&field, "Kids")? {
            waiting.extend(kids.into_iter().map(|kid| (kid.value, is_signature)));
        }
        if seen.len().max(waiting.len()) > MAX_FIELDS {
            return Err(PdfError::too_costly("it has too many form fields", "表单域过多"));
        }
    }
    Ok(found)
}

fn look_at(pdf: &PdfFile, field: &Dict, found: &mut Existing) -> Result<()> {
    let Value::Dict(signature) = pdf.entry(field, "V")? else { return Ok(()) };
    found.signed += 1;
    found.forbids_changes |= forbids(pdf, &signature)?;
    if let Value::Dict(lock) = pdf.entry(field, "Lock")? {
        found.forbids_changes |= pdf.entry(&lock, "P")?.integer() == Some(1);
    }
    Ok(())
}

/// Whether a signature's references say DocMDP with P=1.
fn forbids(pdf: &PdfFile, signature: &Dict) -> Result<bool> {
    let Value::Array(references) = pdf.entry(signature, "Reference")? else { return Ok(false) };
    for reference in references.iter().take(64) {
        let Value::Dict(reference) = pdf.resolve(&reference.value)? else { continue };
        if pdf.entry(&reference, "TransformMethod")?.name() != Some(b"DocMDP") {
            continue;
        }
        if let Value::Dict(parameters) = pdf.entry(&reference, "TransformParams")?
            && pdf.entry(&parameters, "P")?.integer() == Some(1)
        {
            return Ok(true);
        }
    }
    Ok(false)
}
