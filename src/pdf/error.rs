//! Why a PDF cannot be read, in both languages.

use std::fmt;

use crate::protocol::Bilingual;

/// What keeps a PDF from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PdfErrorKind {
    /// It is no PDF, or its structure is broken.
    Damaged,
    /// It uses something that this reader does not know.
    Unsupported,
    /// It is encrypted, and what was asked for lies in the encrypted part.
    Encrypted,
    /// Reading it would take more time or memory than an honest file needs.
    TooCostly,
}

/// A PDF, or a part of it, that cannot be read. Holds nothing of the file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfError {
    /// The kind of the failure.
    pub kind: PdfErrorKind,
    /// What was found, as half a sentence.
    pub what: Bilingual,
}

/// A result of this module.
pub type Result<T> = std::result::Result<T, PdfError>;

impl PdfError {
    pub(crate) const fn damaged(en: &'static str, zh: &'static str) -> PdfError {
        PdfError { kind: PdfErrorKind::Damaged, what: Bilingual::fixed(en, zh) }
    }

    pub(super) const fn unsupported(en: &'static str, zh: &'static str) -> PdfError {
        PdfError { kind: PdfErrorKind::Unsupported, what: Bilingual::fixed(en, zh) }
    }

    pub(super) const fn encrypted(en: &'static str, zh: &'static str) -> PdfError {
        PdfError { kind: PdfErrorKind::Encrypted, what: Bilingual::fixed(en, zh) }
    }

    pub(crate) const fn too_costly(en: &'static str, zh: &'static str) -> PdfError {
        PdfError { kind: PdfErrorKind::TooCostly, what: Bilingual::fixed(en, zh) }
    }
}

impl fmt::Display for PdfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.what.en, self.what.zh)
    }
}

impl std::error::Error for PdfError {}
