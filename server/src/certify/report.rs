//! What was found, as data: `--json` prints it, and `print.rs` puts it in words for people.

use serde::Serialize;
use wosigndoc::protocol::Bilingual;

use super::shot::Grade;

/// The whole report.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The worst of all.
    pub grade: Grade,
    /// Whether what the site stored was looked at.
    pub looked_at_stored: bool,
    /// Whether forgeries count as wrong, since the site says that it verifies signatures.
    pub with_verification: bool,
    /// The number of requests that were sent.
    pub requests: usize,
    /// Each case, in the order in which they were tried.
    pub cases: Vec<CaseReport>,
    /// What else is to be known.
    pub notes: Vec<Bilingual>,
}

/// What came of a case.
#[derive(Debug, Serialize)]
pub struct CaseReport {
    /// Its word.
    pub case: &'static str,
    /// What was tried.
    pub title: Bilingual,
    /// The worst of its findings.
    pub grade: Grade,
    /// What should be otherwise.
    pub findings: Vec<Finding>,
    /// What was answered to each of its requests.
    pub answers: Vec<AnswerReport>,
}

/// The kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `1`, and the document is not stored: a contract lost.
    Lost,
    /// `1` to a forgery.
    Forgery,
    /// `1` to what should not have been acknowledged.
    Accepted,
    /// Stored once, and gone later.
    Gone,
    /// A later document of the same orderNumber took the place of an earlier one.
    Replaced,
    /// No `1` to what is right: it is pushed for ever.
    Missing,
    /// A limit on the length of requests.
    Limit,
    /// An answer that comes late, or not in time.
    Slow,
    /// Acknowledged only when nothing else came at the same time.
    Busy,
    /// Stored more often than it should be.
    Doubled,
    /// Not acknowledged, and stored all the same.
    Kept,
}

/// A finding.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// What kind it is of.
    pub kind: Kind,
    /// How grave it is.
    pub grade: Grade,
    /// What happened.
    pub message: Bilingual,
    /// What to do.
    pub advice: Bilingual,
}

/// An answer.
#[derive(Debug, Serialize)]
pub struct AnswerReport {
    /// orderNumber of the push.
    pub number: String,
    /// Its signid.
    pub signid: String,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// The printable beginning of its body.
    pub start: Option<String>,
    /// How long it was waited for after the request had gone out, in milliseconds.
    pub waited_ms: Option<u64>,
    /// Whether the platform takes it for an acknowledgement.
    pub acknowledged: bool,
    /// Why not.
    pub why: Option<Bilingual>,
    /// How often the document was stored then, where that can be told.
    pub stored: Option<usize>,
}

impl Report {
    /// Returns the worst grade of the cases.
    pub fn worst(cases: &[CaseReport]) -> Grade {
        cases.iter().map(|case| case.grade).max().unwrap_or(Grade::Passed)
    }
}

impl CaseReport {
    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        self.grade = self.grade.max(finding.grade);
        self.findings.push(finding);
    }
}
