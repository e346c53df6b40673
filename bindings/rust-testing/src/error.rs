//! What can go wrong with a sandbox.

use std::fmt;

use wosigndoc::protocol::Error;

/// Something that a sandbox was asked for and that has not come about. Shown in English and Chinese, with what is of use to find out
/// why: where an order stands, the journal, the program's log.
pub struct SandboxError {
    en: String,
    zh: String,
    more: String,
    timeout: bool,
    refused: Option<Box<Error>>,
}

impl SandboxError {
    pub(crate) fn new(en: impl Into<String>, zh: impl Into<String>) -> SandboxError {
        SandboxError { en: en.into(), zh: zh.into(), more: String::new(), timeout: false, refused: None }
    }

    /// Adds what is of use to find out why.
    pub(crate) fn with(mut self, more: impl Into<String>) -> SandboxError {
        self.more = more.into();
        self
    }

    /// Says whether it was waited for in vain.
    pub(crate) fn timeout(mut self, timeout: bool) -> SandboxError {
        self.timeout = timeout;
        self
    }

    /// Returns what is wrong, and what to do, in English.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.en
    }

    /// Returns the same in Chinese.
    #[must_use]
    pub fn message_zh(&self) -> &str {
        &self.zh
    }

    /// Whether what was waited for has not happened in time, or cannot happen any longer.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.timeout
    }

    /// Returns the library's error, where a push was received and is not right, or was refused by the options given.
    #[must_use]
    pub fn refused(&self) -> Option<&Error> {
        self.refused.as_deref()
    }
}

impl From<Error> for SandboxError {
    fn from(error: Error) -> SandboxError {
        let refused = SandboxError::new(error.to_string(), "推送有误，或不被选项接受");
        SandboxError { refused: Some(Box::new(error)), ..refused }
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A journal is read line by line, each language for itself.
        if self.en.contains('\n') {
            write!(f, "{}\n{}", self.en, self.zh)?;
        } else {
            write!(f, "{} ({})", self.en, self.zh)?;
        }
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
