//! What can go wrong with a sandbox.

use std::fmt;

/// Something that a sandbox was asked for and that has not come about. Shown in English and Chinese, with what is of use to find out
/// why: where an order stands, the journal, the program's log.
#[derive(Clone, PartialEq, Eq)]
pub struct SandboxError {
    en: String,
    zh: String,
    more: String,
    /// The status of the control API's answer, if it is that.
    pub(crate) status: Option<u16>,
}

impl SandboxError {
    pub(crate) fn new(en: impl Into<String>, zh: impl Into<String>) -> SandboxError {
        SandboxError { en: en.into(), zh: zh.into(), more: String::new(), status: None }
    }

    /// Adds what is of use to find out why.
    pub(crate) fn with(mut self, more: impl Into<String>) -> SandboxError {
        self.more = more.into();
        self
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.en, self.zh)?;
        if self.more.is_empty() { Ok(()) } else { write!(f, "\n{}", self.more) }
    }
}

/// As it is shown: a test that fails by `unwrap` is to be read by people.
impl fmt::Debug for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SandboxError {}
