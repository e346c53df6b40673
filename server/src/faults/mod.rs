//! Faults that an integrator orders, to see what his own side does then: at the end of an orderNumber, as in
//! `A-1!lose-answer` (obeyed by `dev --faults` alone), or by the control API.

mod fault;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};

pub use self::fault::{Answer, Document, Fault, MAX_LATE, Push, Stage};
use crate::problem::Problem;

/// The largest number of faults that are ordered at a time.
const MAX_ORDERED: usize = 1000;

/// A fault that was ordered by the control API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    /// Its number, counted from 1.
    pub id: u64,
    /// Its word, as it was ordered.
    pub word: String,
    /// Only for orders of this token.
    pub token: Option<String>,
    /// Only for orders with this orderNumber.
    pub number: Option<String>,
    /// How many times it is still committed; `None`: until it is taken back.
    pub left: Option<u32>,
    fault: Fault,
}

/// The faults that are committed.
#[derive(Default)]
pub struct Faults {
    /// Whether endings of orderNumbers are obeyed. Otherwise they are part of the number, and nothing else.
    by_number: bool,
    ordered: Mutex<Vec<Ordered>>,
    /// The id that was given last: none is given twice.
    last_id: AtomicU64,
    down: Down,
    /// Tells whatever is late on purpose that all are taken back.
    taken_back: watch::Sender<()>,
}

/// How long the listener is to be down, for whoever waits for that.
#[derive(Default)]
struct Down {
    span: Mutex<Option<Duration>>,
    asked: Notify,
}

impl Faults {
    /// Obeys endings of orderNumbers, or not.
    pub fn new(by_number: bool) -> Faults {
        Faults { by_number, ..Faults::default() }
    }

    /// Takes the fault to commit on this order at this stage; it counts as committed.
    pub fn take(&self, stage: Stage, token: &str, number: &str) -> Option<Fault> {
        self.of_number(stage, number).or_else(|| self.take_ordered(stage, token, number))
    }

    /// Returns the fault that an orderNumber names, for as often as it is asked.
    pub fn of_number(&self, stage: Stage, number: &str) -> Option<Fault> {
        let (_, words) = number.rsplit_once('!').filter(|_| self.by_number)?;
        Fault::read(words).ok().filter(|fault| fault.stage() == stage)
    }

    /// Waits until the listener is to go down; returns for how long, and what changes when that is taken back.
    pub async fn goes_down(&self) -> (Duration, watch::Receiver<()>) {
        loop {
            let asked = self.down.asked.notified();
            // Under one lock with whoever takes all back: he finds the span still there, or is heard.
            let down = self.down().take().map(|span| (span, self.taken_back()));
            match down {
                Some(down) => return down,
                None => asked.await,
            }
        }
    }

    /// Takes a fault that the control API ordered.
    pub fn take_ordered(&self, stage: Stage, token: &str, number: &str) -> Option<Fault> {
        let mut ordered = self.list_mut();
        let is_meant = |fault: &Ordered| {
            fault.fault.stage() == stage
                && fault.token.as_ref().is_none_or(|wanted| wanted == token)
                && fault.number.as_ref().is_none_or(|wanted| wanted == number)
        };
        let place = ordered.iter().position(is_meant)?;
        let found = ordered.get_mut(place)?;
        let fault = found.fault;
        found.left = found.left.map(|left| left.saturating_sub(1));
        if found.left == Some(0) {
            ordered.remove(place);
        }
        Some(fault)
    }

    /// Orders a fault.
    ///
    /// # Errors
    /// There is no such fault, or too many are ordered.
    pub fn order(
        &self,
        word: &str,
        token: Option<String>,
        number: Option<String>,
        times: Option<u32>,
    ) -> Result<Ordered, Problem> {
        let fault = Fault::read(word)?;
        let mut list = self.list_mut();
        if list.len() >= MAX_ORDERED {
            return Err(Problem::conflict(
                format!("{MAX_ORDERED} faults are ordered already: take some back"),
                format!("已有 {MAX_ORDERED} 个故障：请先撤销一些"),
            ));
        }
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut ordered = Ordered { id, word: word.to_owned(), token, number, left: times, fault };
        if let Fault::Down(span) = fault {
            *self.down() = Some(span);
            self.down.asked.notify_one();
            // It is committed already.
            ordered.left = Some(0);
        } else {
            list.push(ordered.clone());
        }
        Ok(ordered)
    }

    /// Returns what is ordered, oldest first.
    pub fn list(&self) -> Vec<Ordered> {
        self.list_mut().clone()
    }

    /// Returns what changes when all are taken back: nothing need be late, or down, any longer.
    pub fn taken_back(&self) -> watch::Receiver<()> {
        self.taken_back.subscribe()
    }

    /// Takes one back, or all of them. Returns how many there were.
    pub fn take_back(&self, id: Option<u64>) -> usize {
        let mut list = self.list_mut();
        if id.is_none() {
            let mut down = self.down();
            *down = None;
            self.taken_back.send_replace(());
        }
        let before = list.len();
        list.retain(|fault| id.is_some_and(|id| fault.id != id));
        before - list.len()
    }

    fn down(&self) -> MutexGuard<'_, Option<Duration>> {
        self.down.span.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn list_mut(&self) -> MutexGuard<'_, Vec<Ordered>> {
        self.ordered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use wosigndoc::protocol::Code;

    use super::*;

    #[test]
    fn reads_what_is_ordered() {
        let faults = Faults::new(true);
        let named = |number: &str| {
            [Stage::Judge, Stage::Answer, Stage::Sign, Stage::Push]
                .into_iter()
                .find_map(|stage| faults.of_number(stage, number))
        };
        assert_eq!(named("A-1!refuse=-68"), Some(Fault::Refuse(Code::NoBalance)));
        assert_eq!(named("A!1!fail=-50"), Some(Fault::Fail(Code::LicenceMismatch)));
        assert_eq!(named("A-1!slow=5"), Some(Fault::Answer(Answer::Slow(Duration::from_secs(5)))));
        assert_eq!(named("!lose-answer"), Some(Fault::Answer(Answer::Lost)));
        for none in [
            "A-1",
            "A-1!",
            "A-1!refuse=7",
            "A-1!slow=1e9",
            "A-1!slow=601",
            "lose-answer",
            "A!LOSE-ANSWER",
            "A!lose-answer=1",
            "A!html=200",
            "A!dribble=",
            "A!huge-document=201",
            "A!huge-document=0",
        ] {
            assert_eq!(named(none), None, "{none}");
        }
        assert_eq!(Faults::new(false).of_number(Stage::Answer, "A-1!lose-answer"), None);
    }

    #[test]
    fn counts_what_is_committed() {
        let faults = Faults::new(false);
        let order = |word, token: Option<&str>, number: Option<&str>, times| {
            faults.order(word, token.map(str::to_owned), number.map(str::to_owned), times)
        };
        assert!(order("no-such", None, None, None).is_err());
        order("lose-answer", None, Some("A-1"), Some(2)).unwrap();
        order("refuse=-68", Some("t"), None, None).unwrap();
        let take = |stage, token, number| faults.take(stage, token, number);
        assert_eq!(take(Stage::Answer, "t", "A-2"), None);
        assert_eq!(take(Stage::Answer, "t", "A-1"), Some(Fault::Answer(Answer::Lost)));
        assert_eq!(take(Stage::Answer, "t", "A-1"), Some(Fault::Answer(Answer::Lost)));
        assert_eq!(take(Stage::Answer, "t", "A-1"), None, "two times, and no more");
        assert_eq!(take(Stage::Judge, "u", "A-1"), None);
        for _ in 0..3 {
            assert_eq!(take(Stage::Judge, "t", "A-3"), Some(Fault::Refuse(Code::NoBalance)));
        }
        assert_eq!((faults.list().len(), faults.take_back(Some(9)), faults.take_back(None)), (1, 0, 1));
        assert_eq!(order("dribble", None, None, None).unwrap().id, 3, "an id is never given twice");
    }
}
