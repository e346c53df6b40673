//! Tries a case at the site, and judges what came of it.

use std::time::Duration;

use anyhow::Result;
use wosigndoc::protocol::answer::printable;

use super::cases::{Case, Flow};
use super::report::{AnswerReport, CaseReport};
use super::shot::{Grade, Print, Rule, Shot};
use super::site::Site;
use super::stored::Stored;
use super::words;
use crate::push::{Called, Failure};

/// The longest time that an answer may take before it is worth a word.
const SLOW: Duration = Duration::from_secs(10);

/// A request that was sent.
struct Sent {
    shot: Shot,
    called: Called,
    /// What came of it when it was sent again, alone.
    again: Option<Called>,
    /// How often the document was stored right after it was acknowledged.
    copies: Option<usize>,
}

impl Sent {
    fn last(&self) -> &Called {
        self.again.as_ref().unwrap_or(&self.called)
    }

    fn acknowledged(&self) -> bool {
        [Some(&self.called), self.again.as_ref()].into_iter().flatten().any(|called| called.judge().is_ok())
    }
}

/// A document that went over the wire.
struct Seen {
    case: usize,
    number: String,
    signid: String,
    print: Print,
    acknowledged: bool,
    must_be_refused: bool,
    /// Whether it was found to be missing already.
    missed: bool,
}

/// Tries cases, and remembers what the site should have stored.
pub struct Trial<'a> {
    site: &'a Site,
    stored: &'a Stored,
    verifies: bool,
    /// How often the site keeps a document.
    usual: Option<usize>,
    seen: Vec<Seen>,
    /// The number of requests.
    pub requests: usize,
    /// How many cases in a row got no answer at all, the last one included.
    pub unanswered: usize,
    /// Why no connection was made in the last case, if none was.
    pub unreachable: Option<String>,
}

impl Trial<'_> {
    /// Begins.
    pub fn new<'a>(site: &'a Site, stored: &'a Stored, verifies: bool) -> Trial<'a> {
        Trial {
            site,
            stored,
            verifies,
            usual: None,
            seen: Vec::new(),
            requests: 0,
            unanswered: 0,
            unreachable: None,
        }
    }

    /// Tries a case, the one with this index.
    pub async fn case(&mut self, case: &Case, at: usize, shots: Vec<Shot>) -> Result<CaseReport> {
        let sent = match case.flow {
            Flow::InTurn => self.in_turn(shots).await?,
            Flow::AtOnce | Flow::SameAtOnce => self.at_once(shots).await?,
        };
        self.requests += sent.iter().map(|sent| 1 + usize::from(sent.again.is_some())).sum::<usize>();
        let silent = |called: &Called| {
            matches!(called.failure, Some(Failure::Stalled(_) | Failure::Unreachable(_) | Failure::TooLong))
        };
        let unanswered = sent.iter().all(|sent| silent(sent.last()));
        self.unanswered = if unanswered { self.unanswered + 1 } else { 0 };
        self.unreachable = sent.iter().find_map(|sent| match &sent.last().failure {
            Some(Failure::Unreachable(cause)) => Some(cause.clone()),
            _ => None,
        });
        let answers = sent.iter().map(answer).collect();
        let (title, grade) = (case.title.clone(), Grade::Passed);
        let mut report = CaseReport { case: case.id, title, grade, findings: Vec::new(), answers };
        for sent in &sent {
            self.judge(case, sent, &mut report);
        }
        self.look_once_more(&sent, at, &mut report)?;
        Ok(report)
    }

    async fn in_turn(&self, shots: Vec<Shot>) -> Result<Vec<Sent>> {
        let mut done = Vec::new();
        for shot in shots {
            let called = self.site.send(&shot).await;
            done.push(self.look(Sent { shot, called, again: None, copies: None })?);
        }
        Ok(done)
    }

    async fn at_once(&self, shots: Vec<Shot>) -> Result<Vec<Sent>> {
        let called = self.site.send_at_once(&shots).await;
        let mut done = Vec::new();
        for (shot, called) in shots.into_iter().zip(called) {
            let again = if called.judge().is_err() { Some(self.site.send(&shot).await) } else { None };
            done.push(self.look(Sent { shot, called, again, copies: None })?);
        }
        Ok(done)
    }

    /// Looks whether what was acknowledged is stored.
    fn look(&self, sent: Sent) -> Result<Sent> {
        let copies = match sent.shot.document.filter(|_| sent.acknowledged()) {
            Some(print) => self.stored.copies(&sent.shot.number, &sent.shot.signid, print)?,
            None => None,
        };
        Ok(Sent { copies, ..sent })
    }

    fn judge(&self, case: &Case, sent: &Sent, report: &mut CaseReport) {
        let acknowledged = sent.acknowledged();
        let hung = matches!(sent.last().failure, Some(Failure::Stalled(_) | Failure::TooLong));
        match &sent.shot.rule {
            Rule::Take(otherwise) if !acknowledged => {
                report.add(words::missing(sent.last(), *otherwise, case.size.is_some()));
            }
            Rule::Take(_) if sent.again.is_some() && case.flow == Flow::AtOnce => {
                report.add(words::busy(&sent.called));
            }
            Rule::Refuse(harm) if acknowledged => report.add(words::accepted(harm, self.verifies)),
            Rule::Refuse(_) | Rule::Either if hung => report.add(words::hung(sent.last())),
            _ => {}
        }
        if sent.copies == Some(0) && !matches!(sent.shot.rule, Rule::Refuse(_)) {
            report.add(words::lost());
        }
        let waited = sent.last().answer.as_ref().map(|answer| answer.waited).unwrap_or_default();
        if waited > SLOW {
            report.add(words::slow(waited));
        }
    }

    /// Looks at the end of a case whether a later push of it took the place of an earlier one, or was stored once more.
    fn look_once_more(&mut self, sent: &[Sent], case: usize, report: &mut CaseReport) -> Result<()> {
        for (at, one) in sent.iter().enumerate() {
            let Some(print) = one.shot.document else { continue };
            let later = sent.get(at + 1..).unwrap_or_default();
            let comes_again = later.iter().any(|later| later.shot.document == Some(print));
            let mut missed = one.copies == Some(0);
            if !comes_again && one.copies.is_some_and(|copies| copies > 0) {
                let copies =
                    self.stored.copies(&one.shot.number, &one.shot.signid, print)?.unwrap_or_default();
                let usual = *self.usual.get_or_insert(copies.max(1));
                let same = sent.iter().filter(|other| other.shot.document == Some(print)).count();
                let replaced = later.iter().any(|later| later.shot.number == one.shot.number);
                missed = copies == 0;
                match copies {
                    0 if replaced => report.add(words::replaced()),
                    0 => report.add(words::gone()),
                    _ if same > 1 && copies > usual => report.add(words::doubled(copies)),
                    _ => {}
                }
            }
            self.seen.push(Seen {
                case,
                number: one.shot.number.clone(),
                signid: one.shot.signid.clone(),
                print,
                acknowledged: one.acknowledged(),
                must_be_refused: matches!(one.shot.rule, Rule::Refuse(_)),
                missed,
            });
        }
        Ok(())
    }

    /// Looks at the end of all whether everything is still there, and nothing that was refused.
    pub fn look_at_the_end(&self, reports: &mut [CaseReport]) -> Result<()> {
        for (at, seen) in self.seen.iter().enumerate() {
            let same = |other: &&Seen| other.print == seen.print;
            let all = || self.seen.iter().filter(same);
            if self.seen.iter().position(|other| same(&other)) != Some(at) || all().any(|one| one.missed) {
                continue;
            }
            let taken = all().any(|one| one.acknowledged && !one.must_be_refused);
            let refused = seen.must_be_refused && !all().any(|one| one.acknowledged);
            let copies = self.stored.copies(&seen.number, &seen.signid, seen.print)?;
            let Some(report) = reports.get_mut(seen.case) else { continue };
            match copies {
                Some(0) if taken => report.add(words::gone()),
                Some(1..) if refused => report.add(words::kept()),
                _ => {}
            }
        }
        Ok(())
    }
}

fn answer(sent: &Sent) -> AnswerReport {
    let called = sent.last();
    let judged = called.judge();
    AnswerReport {
        number: sent.shot.number.clone(),
        signid: sent.shot.signid.clone(),
        status: called.answer.as_ref().map(|answer| answer.status),
        start: called.answer.as_ref().map(|answer| printable(&answer.start)),
        waited_ms: called
            .answer
            .as_ref()
            .map(|answer| u64::try_from(answer.waited.as_millis()).unwrap_or(u64::MAX)),
        acknowledged: sent.acknowledged(),
        why: judged.err(),
        stored: sent.copies,
    }
}
