//! Each signature in the history of its document.

use super::{Changes, Coverage, Since, Verdict, signed_range};
use crate::pdf::{PdfFile, Result, Signature};

/// A document, and what of its history was found out so far: signatures share it.
pub struct History<'a> {
    pdf: &'a PdfFile,
}

impl<'a> History<'a> {
    /// Makes the history of a file, opened with its password if it has one.
    pub fn new(pdf: &'a PdfFile) -> History<'a> {
        History { pdf }
    }

    /// Says how far a signature of this file reaches, and what was changed since.
    pub fn since(&mut self, signature: &Signature) -> Since {
        let range = signed_range(self.pdf, signature);
        let changes = Changes { verdict: Verdict::Undecided, changes: Vec::new(), more: false };
        Since { range, coverage: Coverage::Malformed, changes, certification: None }
    }
}

/// Returns what a signature of this file allows if it certifies the document, that is if `/Perms` names it: 1
/// nothing, 2 filling in and signing, 3 also annotations.
///
/// # Errors
/// When an object cannot be read.
pub fn certification(pdf: &PdfFile, signature: &Signature) -> Result<Option<i64>> {
    let permissions = pdf.get(&pdf.catalog()?, "Perms")?;
    let certifying = permissions.map_or(Ok(None), |permissions| pdf.get(&permissions, "DocMDP"))?;
    let Some(certifying) = certifying.filter(|it| it.item == signature.object.item) else { return Ok(None) };
    crate::pdf::permission(pdf, &certifying)
}
