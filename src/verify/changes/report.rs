//! The changes that were found, as they are found.

use super::same::Stop;
use super::{Change, ChangeKind, Changes, MAX_LISTED, Verdict, words};
use crate::protocol::Bilingual;

/// Collects changes, the worst of them if there are too many.
pub struct Report {
    changes: Vec<Change>,
    worst: Verdict,
    more: bool,
}

impl Report {
    pub fn new() -> Report {
        Report { changes: Vec::new(), worst: Verdict::None, more: false }
    }

    pub fn note(&mut self, change: Change) {
        self.worst = self.worst.max(change.verdict);
        if self.changes.contains(&change) {
            return;
        }
        if self.changes.len() < MAX_LISTED {
            self.changes.push(change);
            return;
        }
        self.more = true;
        let mildest = self.changes.iter_mut().min_by_key(|change| change.verdict);
        if let Some(mildest) = mildest.filter(|mildest| mildest.verdict < change.verdict) {
            *mildest = change;
        }
    }

    /// Notes why no more can be told.
    pub fn stop(&mut self, stop: Stop) {
        self.note(match stop {
            Stop::Costly => Change::new(ChangeKind::Cost, Verdict::Undecided, COSTLY),
            Stop::Unreadable(error) => {
                Change::new(ChangeKind::Damage, Verdict::Undecided, words::unreadable(error))
            }
        });
    }

    pub fn worst(&self) -> Verdict {
        self.worst
    }

    pub fn finish(mut self) -> Changes {
        self.changes.sort_by_key(|change| std::cmp::Reverse(change.verdict));
        Changes { verdict: self.worst, changes: self.changes, more: self.more }
    }
}

impl Change {
    pub(super) fn new(kind: ChangeKind, verdict: Verdict, what: Bilingual) -> Change {
        Change { kind, verdict, what, object: None, page: None, field: None }
    }

    pub(super) fn of(self, object: Option<u32>) -> Change {
        Change { object: object.or(self.object), ..self }
    }

    pub(super) fn on(self, page: Option<usize>) -> Change {
        Change { page: page.or(self.page), ..self }
    }

    pub(super) fn in_field(self, name: &str) -> Change {
        Change { field: Some(name.to_owned()), ..self }
    }
}

const COSTLY: Bilingual = Bilingual::fixed(
    "the document takes longer to compare than an honest one does",
    "比较该文件所需的时间超出正常文件",
);
