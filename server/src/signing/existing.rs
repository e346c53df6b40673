//! What signatures a document carries already, and what they allow.

use wosigndoc::pdf::{PdfFile, permission, signatures};

use super::error::Result;

/// The signatures of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// The number of fields that are signed.
    pub signed: usize,
    /// Whether one of them forbids every further change, a signature included (DocMDP P=1).
    pub forbids_changes: bool,
}

/// Looks through the form's fields and the document's permissions.
pub fn existing(pdf: &PdfFile) -> Result<Existing> {
    let mut found = Existing::default();
    if let Some(permissions) = pdf.get(&pdf.catalog()?, "Perms")?
        && let Some(signature) = pdf.get(&permissions, "DocMDP")?
    {
        found.forbids_changes |= permission(pdf, &signature)? == Some(1);
    }
    for signature in signatures(pdf)? {
        let signature = signature?;
        found.signed += 1;
        found.forbids_changes |= permission(pdf, &signature.object)? == Some(1);
        if let Some(lock) = pdf.get(&signature.field.object, "Lock")?
            && let Some(level) = pdf.get(&lock, "P")?
        {
            found.forbids_changes |= level.item.value.integer() == Some(1);
        }
    }
    Ok(found)
}
