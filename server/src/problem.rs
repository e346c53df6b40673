//! What is wrong with what somebody asked for, in both languages.

use std::borrow::Cow;
use std::fmt;

use wosigndoc::protocol::Bilingual;

/// An error of whoever asked, as words for him. The command line prints the English ones, as all its errors; the control API answers
/// both.
#[derive(Debug)]
pub struct Problem {
    /// What kind it is.
    pub kind: Kind,
    /// What is wrong, and what to do.
    pub words: Bilingual,
}

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is nothing of this name.
    Missing,
    /// What was given cannot be used.
    Unusable,
    /// It does not fit to where things stand.
    Conflict,
}

impl Problem {
    /// Says that there is nothing of this name.
    pub fn missing(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Problem {
        Problem { kind: Kind::Missing, words: Bilingual::new(en, zh) }
    }

    /// Says that what was given cannot be used.
    pub fn unusable(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Problem {
        Problem { kind: Kind::Unusable, words: Bilingual::new(en, zh) }
    }

    /// Says that it does not fit to where things stand.
    pub fn conflict(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Problem {
        Problem { kind: Kind::Conflict, words: Bilingual::new(en, zh) }
    }
}

impl From<Bilingual> for Problem {
    fn from(words: Bilingual) -> Problem {
        Problem { kind: Kind::Unusable, words }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.en)
    }
}

impl std::error::Error for Problem {}
