//! Faults that an integrator orders, to see what his own side does then: at the end of an orderNumber, as in
//! `A-1!lose-answer` (obeyed by `dev --faults` alone), or by the control API.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use wosigndoc::protocol::Code;

/// The longest that anything may be late on purpose.
pub const MAX_LATE: Duration = Duration::from_secs(600);
/// The longest document that is made so on purpose, in megabytes.
const MAX_HUGE: usize = 200;

/// What goes wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `refuse=-68`: the order, though right, is refused with this code.
    Refuse(Code),
    /// `fail=-50`: the order is accepted, and fails with this code (P-32).
    Fail(Code),
    /// What becomes of the answer to the order.
    Answer(Answer),
    /// What becomes of the document when it is signed.
    Document(Document),
    /// What becomes of the push.
    Push(Push),
    /// `down=5`: connections are refused, and those that are open break, for so many seconds from now on.
    Down(Duration),
}

/// What becomes of a document when it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// `foreign-document`: somebody else signs it, in the same names: a CA made up for it alone.
    Foreign,
    /// `huge-document=60`: it is that many megabytes long.
    Huge(usize),
}

/// What becomes of the answer to an order that was accepted, or would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `lose-answer`: the order is accepted, and the connection breaks before the answer (P-23).
    Lost,
    /// `lose-order`: the connection breaks before the order is stored; it was never accepted.
    LostBefore,
    /// `lose-midway`: the connection breaks halfway through the storing: the order's files are there, its row is not, and so it
    /// was never accepted.
    LostMidway,
    /// `slow=5`: the answer comes so many seconds late.
    Slow(Duration),
    /// `dribble`: the answer comes byte by byte, a fiftieth of a second apart.
    Dribble,
    /// `cut-answer`: half of the answer, then the connection breaks.
    Cut,
    /// `html=502`: a gateway's page in place of the answer, with this status.
    Html(u16),
    /// `huge-answer`: two megabytes.
    Huge,
    /// `gbk-answer`: the right answer, with a message in GBK, which is no UTF-8.
    Gbk,
}

/// What becomes of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Push {
    /// `push-twice`: it comes once more although it was acknowledged.
    Twice,
    /// `push-at-once`: it comes on two connections at the same time.
    AtOnce,
    /// `push-late=5`: it comes so many seconds late.
    Late(Duration),
    /// `wrong-hash`: its hash is not the document's (P-31).
    WrongHash,
    /// `base64-hash`: its hash is in base64, not in hex.
    Base64Hash,
    /// `no-hash`: it has no hash.
    NoHash,
    /// `sha512-hash`: its hash is SHA-512, as the protocol allows.
    Sha512,
    /// `push-cut`: it breaks off halfway.
    Cut,
    /// `empty-document`: its document has no bytes.
    Empty,
    /// `altered-document`: a byte of the document was changed after signing; the hash fits.
    Altered,
    /// `other-document`: it brings the document of another order of this token, and the hash fits.
    Other,
    /// `push-after-next`: it comes only after the push of a later order of this token was acknowledged.
    AfterNext,
    /// `escapes`: slashes and letters are escaped (`\/`, `\u0041`).
    Escapes,
    /// `extend-string`: extendData is a string that holds JSON.
    ExtendString,
    /// `upper-names`: the names of all fields are in upper case.
    UpperNames,
    /// `gbk-push`: a message in GBK is in it, which is no UTF-8.
    Gbk,
}

/// Where a fault is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// When an order is judged.
    Judge,
    /// When it is answered.
    Answer,
    /// When it is signed.
    Sign,
    /// When it is pushed.
    Push,
    /// At once, whatever is ordered.
    Listen,
}

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
        Fault::named(words).filter(|fault| fault.stage() == stage)
    }

    /// Waits until the listener is to go down; returns for how long.
    pub async fn goes_down(&self) -> Duration {
        loop {
            let asked = self.down.asked.notified();
            let span = self.down.span.lock().unwrap_or_else(PoisonError::into_inner).take();
            match span {
                Some(span) => return span,
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

    /// Orders a fault; `None`: there is no such word.
    pub fn order(
        &self,
        word: &str,
        token: Option<String>,
        number: Option<String>,
        times: Option<u32>,
    ) -> Option<Ordered> {
        let fault = Fault::named(word)?;
        let mut list = self.list_mut();
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut ordered = Ordered { id, word: word.to_owned(), token, number, left: times, fault };
        if let Fault::Down(span) = fault {
            *self.down.span.lock().unwrap_or_else(PoisonError::into_inner) = Some(span);
            self.down.asked.notify_one();
            // It is committed already.
            ordered.left = Some(0);
        } else {
            list.push(ordered.clone());
        }
        Some(ordered)
    }

    /// Returns what is ordered, oldest first.
    pub fn list(&self) -> Vec<Ordered> {
        self.list_mut().clone()
    }

    /// Takes one back, or all of them. Returns how many there were.
    pub fn take_back(&self, id: Option<u64>) -> usize {
        let mut list = self.list_mut();
        let before = list.len();
        list.retain(|fault| id.is_some_and(|id| fault.id != id));
        before - list.len()
    }

    fn list_mut(&self) -> MutexGuard<'_, Vec<Ordered>> {
        self.ordered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Push {
    /// Whether only when it comes is wrong, not what.
    pub fn is_about_time(self) -> bool {
        matches!(self, Push::Twice | Push::Late(_) | Push::AtOnce | Push::AfterNext)
    }
}

impl Fault {
    /// Every word, with what its value may be.
    pub const WORDS: [&'static str; 30] = [
        "refuse=CODE",
        "fail=CODE",
        "lose-answer",
        "lose-order",
        "lose-midway",
        "slow=SECONDS",
        "dribble",
        "cut-answer",
        "html=STATUS",
        "huge-answer",
        "gbk-answer",
        "down=SECONDS",
        "foreign-document",
        "huge-document=MEGABYTES",
        "push-twice",
        "push-at-once",
        "push-late=SECONDS",
        "push-after-next",
        "wrong-hash",
        "no-hash",
        "base64-hash",
        "sha512-hash",
        "push-cut",
        "empty-document",
        "altered-document",
        "other-document",
        "escapes",
        "extend-string",
        "upper-names",
        "gbk-push",
    ];

    /// Returns the fault of a word.
    pub fn named(words: &str) -> Option<Fault> {
        let (word, value) = words.split_once('=').unwrap_or((words, ""));
        let code = || Code::from_number(value.parse().ok()?);
        let seconds = || {
            let late = Duration::from_secs(value.parse().ok()?);
            Some(late).filter(|late| *late <= MAX_LATE)
        };
        let status = || value.parse().ok().filter(|status| (400..600).contains(status));
        Some(match word {
            "refuse" => Fault::Refuse(code()?),
            "fail" => Fault::Fail(code()?),
            "slow" => Fault::Answer(Answer::Slow(seconds()?)),
            "html" => Fault::Answer(Answer::Html(status()?)),
            "push-late" => Fault::Push(Push::Late(seconds()?)),
            "down" => Fault::Down(seconds()?),
            "huge-document" => {
                let megabytes = value.parse().ok().filter(|megabytes| (1..=MAX_HUGE).contains(megabytes))?;
                Fault::Document(Document::Huge(megabytes))
            }
            _ if !value.is_empty() || words.contains('=') => return None,
            "lose-answer" => Fault::Answer(Answer::Lost),
            "lose-order" => Fault::Answer(Answer::LostBefore),
            "lose-midway" => Fault::Answer(Answer::LostMidway),
            "dribble" => Fault::Answer(Answer::Dribble),
            "cut-answer" => Fault::Answer(Answer::Cut),
            "huge-answer" => Fault::Answer(Answer::Huge),
            "gbk-answer" => Fault::Answer(Answer::Gbk),
            "foreign-document" => Fault::Document(Document::Foreign),
            "push-twice" => Fault::Push(Push::Twice),
            "push-at-once" => Fault::Push(Push::AtOnce),
            "wrong-hash" => Fault::Push(Push::WrongHash),
            "push-after-next" => Fault::Push(Push::AfterNext),
            "base64-hash" => Fault::Push(Push::Base64Hash),
            "other-document" => Fault::Push(Push::Other),
            "no-hash" => Fault::Push(Push::NoHash),
            "sha512-hash" => Fault::Push(Push::Sha512),
            "push-cut" => Fault::Push(Push::Cut),
            "empty-document" => Fault::Push(Push::Empty),
            "altered-document" => Fault::Push(Push::Altered),
            "escapes" => Fault::Push(Push::Escapes),
            "extend-string" => Fault::Push(Push::ExtendString),
            "upper-names" => Fault::Push(Push::UpperNames),
            "gbk-push" => Fault::Push(Push::Gbk),
            _ => return None,
        })
    }

    fn stage(self) -> Stage {
        match self {
            Fault::Refuse(_) | Fault::Answer(Answer::LostBefore | Answer::LostMidway) => Stage::Judge,
            Fault::Fail(_) | Fault::Document(_) => Stage::Sign,
            Fault::Answer(_) => Stage::Answer,
            Fault::Push(_) => Stage::Push,
            Fault::Down(_) => Stage::Listen,
        }
    }
}

#[cfg(test)]
mod tests {
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
        for word in Fault::WORDS {
            let word = word.replace("CODE", "-69").replace("SECONDS", "1").replace("STATUS", "502");
            let word = word.replace("MEGABYTES", "60");
            assert!(Fault::named(&word).is_some(), "{word}");
        }
        assert_eq!(Faults::new(false).of_number(Stage::Answer, "A-1!lose-answer"), None);
    }

    #[test]
    fn counts_what_is_committed() {
        let faults = Faults::new(false);
        let order = |word, token: Option<&str>, number: Option<&str>, times| {
            faults.order(word, token.map(str::to_owned), number.map(str::to_owned), times)
        };
        assert!(order("no-such", None, None, None).is_none());
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
