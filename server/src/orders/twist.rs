//! Documents that are signed wrongly, or oddly, on purpose.

use anyhow::{Context, Result};

use crate::faults::Document;
use crate::pki;
use crate::signing::CertificateAuthority;

/// A million bytes.
const MEGABYTE: usize = 1_000_000;
/// How much of a file's end readers search for the word `startxref`.
const TAIL: usize = 1024;

/// Returns the document as it is to be signed: longer, if a fault asks for it.
pub fn before_signing(fault: Option<Document>, mut document: Vec<u8>) -> Vec<u8> {
    let Some(Document::Huge(megabytes)) = fault else { return document };
    let missing = (megabytes * MEGABYTE).saturating_sub(document.len());
    let end = document.get(document.len().saturating_sub(TAIL)..).unwrap_or_default();
    let Some(start) = end.windows(9).rposition(|word| word == b"startxref") else { return document };
    let end = end.get(start..).unwrap_or_default().to_vec();
    // A comment, then the end once more, so that readers find it.
    document.extend_from_slice(b"\n%");
    document.resize(document.len() + missing, b' ');
    document.push(b'\n');
    document.extend_from_slice(&end);
    document
}

/// Returns who signs in the platform's place, if a fault asks for it.
pub fn stranger(fault: Option<Document>) -> Result<Option<CertificateAuthority>> {
    if fault != Some(Document::Foreign) {
        return Ok(None);
    }
    let pair = pki::authority().context("cannot make up a CA")?;
    CertificateAuthority::load(&pair.certificate, &pair.key).map(Some).context("cannot use a CA made up")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wosigndoc::pdf::PdfFile;

    #[test]
    fn a_longer_document_is_the_same_document() {
        let document = crate::start::sandbox_template::DOCUMENT.to_vec();
        let (pages, huge) = (document.len(), before_signing(Some(Document::Huge(2)), document.clone()));
        assert!(huge.len() > 2 * MEGABYTE && huge.starts_with(&document), "{pages}");
        assert!(PdfFile::open(huge).unwrap().catalog().is_ok());
        assert_eq!(before_signing(Some(Document::Foreign), document.clone()), document);
        assert_eq!(before_signing(Some(Document::Huge(2)), b"no PDF".to_vec()), b"no PDF");
    }
}
