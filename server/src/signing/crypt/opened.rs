//! The encryption of a document that opens without a password: its owner only restricts what may be done with it.

use wosigndoc::pdf::{Dict, PdfFile, Value, key_of};

use super::Crypt;
use crate::signing::error::{Result, SigningError, SigningReason};

/// Permission to annotate and to fill in forms (bit 6), and to fill in and sign them (bit 9).
const ANNOTATE: u32 = 1 << 5;
const FILL_IN: u32 = 1 << 8;

/// Returns the encryption of a file that opens without a password and that may be signed.
///
/// # Errors
/// When it takes a password or a certificate to open, or its owner forbids all kinds of signing.
pub fn open(pdf: &PdfFile) -> Result<Crypt> {
    let Value::Dict(dict) = pdf.entry(&pdf.xref().trailer, "Encrypt")? else {
        return Err(SigningError::encrypted());
    };
    let handler = Handler { pdf, dict: &dict };
    let key = key_of(pdf, "")?.ok_or_else(SigningError::encrypted)?;
    if handler.permits_signing()? { Ok(Crypt(key)) } else { Err(forbidden()) }
}

struct Handler<'a> {
    pdf: &'a PdfFile,
    dict: &'a Dict,
}

impl Handler<'_> {
    fn integer(&self, key: &str) -> Result<Option<i64>> {
        Ok(self.pdf.entry(self.dict, key)?.integer())
    }

    /// Returns the bits of `/P`; some writers write them as a number that is not negative.
    fn permissions(&self) -> Result<u32> {
        let bits = self.integer("P")?.unwrap_or(0) & i64::from(u32::MAX);
        Ok(u32::try_from(bits).unwrap_or_default())
    }

    fn permits_signing(&self) -> Result<bool> {
        let bits = self.permissions()?;
        // The oldest handler knows no bit 9.
        Ok(bits & ANNOTATE != 0 || (self.integer("R")?.unwrap_or(0) >= 3 && bits & FILL_IN != 0))
    }
}

fn forbidden() -> SigningError {
    SigningError::new(
        SigningReason::Forbidden,
        "the PDF's owner password forbids annotating, filling in forms and signing; ask its author for one that allows \
         one of these, or send it unprotected",
        "PDF 的权限密码禁止注释、填写表单和签名；请向作者索取允许其中一项的文件，或提交未加密的文件",
    )
}
