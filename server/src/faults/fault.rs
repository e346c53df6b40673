//! What goes wrong on purpose, and the words that order it.

use std::time::Duration;

use wosigndoc::protocol::{Bilingual, Code};

use crate::problem::Problem;

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

impl Push {
    /// Whether only when it comes is wrong, not what.
    pub fn is_about_time(self) -> bool {
        matches!(self, Push::Twice | Push::Late(_) | Push::AtOnce | Push::AfterNext)
    }
}

impl Fault {
    /// Reads a word, with its value where it has one.
    ///
    /// # Errors
    /// There is no such word, or its value is beyond its limits.
    pub fn read(words: &str) -> Result<Fault, Problem> {
        let (word, text) = words.split_once('=').map_or((words, None), |(word, text)| (word, Some(text)));
        let Some((_, value)) = WORDS.iter().find(|(known, _)| *known == word) else {
            let words = WORDS.map(|(word, value)| format!("{word}{}", value.name())).join(", ");
            return Err(Problem::unusable(
                format!("fault is one of {words}"),
                format!("fault 应为以下之一：{words}"),
            ));
        };
        value.read(text).ok_or_else(|| {
            let whole = format!("{word}{}", value.name());
            Problem::from(value.limits().after(&whole, &whole))
        })
    }

    /// Returns where it is committed.
    pub fn stage(self) -> Stage {
        match self {
            Fault::Refuse(_) | Fault::Answer(Answer::LostBefore | Answer::LostMidway) => Stage::Judge,
            Fault::Fail(_) | Fault::Document(_) => Stage::Sign,
            Fault::Answer(_) => Stage::Answer,
            Fault::Push(_) => Stage::Push,
            Fault::Down(_) => Stage::Listen,
        }
    }
}

/// The value of a word, and the fault that it makes.
enum Value {
    None(Fault),
    Code(fn(Code) -> Fault),
    Seconds(fn(Duration) -> Fault),
    Status(fn(u16) -> Fault),
    Megabytes(fn(usize) -> Fault),
}

impl Value {
    fn read(&self, text: Option<&str>) -> Option<Fault> {
        match (self, text) {
            (Value::None(fault), None) => Some(*fault),
            (Value::Code(make), Some(text)) => Code::from_number(text.parse().ok()?).map(make),
            (Value::Seconds(make), Some(text)) => {
                let late = Duration::from_secs(text.parse().ok()?);
                Some(late).filter(|late| *late <= MAX_LATE).map(make)
            }
            (Value::Status(make), Some(text)) => {
                text.parse().ok().filter(|status| (400..600).contains(status)).map(make)
            }
            (Value::Megabytes(make), Some(text)) => {
                text.parse().ok().filter(|megabytes| (1..=MAX_HUGE).contains(megabytes)).map(make)
            }
            _ => None,
        }
    }

    /// Returns what stands for it behind the word.
    fn name(&self) -> &'static str {
        match self {
            Value::None(_) => "",
            Value::Code(_) => "=CODE",
            Value::Seconds(_) => "=SECONDS",
            Value::Status(_) => "=STATUS",
            Value::Megabytes(_) => "=MEGABYTES",
        }
    }

    /// Says what it may be.
    fn limits(&self) -> Bilingual {
        let most = MAX_LATE.as_secs();
        match self {
            Value::None(_) => Bilingual::fixed("this word has no value", "该词不带值"),
            Value::Code(_) => Bilingual::fixed(
                "CODE is one of the protocol's, such as -68",
                "CODE 应为协议中的错误码，例如 -68",
            ),
            Value::Seconds(_) => Bilingual::new(
                format!("SECONDS is a whole number from 0 to {most}"),
                format!("SECONDS 应为 0 到 {most} 的整数"),
            ),
            Value::Status(_) => {
                Bilingual::fixed("STATUS is a number from 400 to 599", "STATUS 应为 400 到 599 的数字")
            }
            Value::Megabytes(_) => Bilingual::new(
                format!("MEGABYTES is a whole number from 1 to {MAX_HUGE}"),
                format!("MEGABYTES 应为 1 到 {MAX_HUGE} 的整数"),
            ),
        }
    }
}

/// Every word.
const WORDS: [(&str, Value); 30] = [
    ("refuse", Value::Code(Fault::Refuse)),
    ("fail", Value::Code(Fault::Fail)),
    ("lose-answer", Value::None(Fault::Answer(Answer::Lost))),
    ("lose-order", Value::None(Fault::Answer(Answer::LostBefore))),
    ("lose-midway", Value::None(Fault::Answer(Answer::LostMidway))),
    ("slow", Value::Seconds(|late| Fault::Answer(Answer::Slow(late)))),
    ("dribble", Value::None(Fault::Answer(Answer::Dribble))),
    ("cut-answer", Value::None(Fault::Answer(Answer::Cut))),
    ("html", Value::Status(|status| Fault::Answer(Answer::Html(status)))),
    ("huge-answer", Value::None(Fault::Answer(Answer::Huge))),
    ("gbk-answer", Value::None(Fault::Answer(Answer::Gbk))),
    ("down", Value::Seconds(Fault::Down)),
    ("foreign-document", Value::None(Fault::Document(Document::Foreign))),
    ("huge-document", Value::Megabytes(|megabytes| Fault::Document(Document::Huge(megabytes)))),
    ("push-twice", Value::None(Fault::Push(Push::Twice))),
    ("push-at-once", Value::None(Fault::Push(Push::AtOnce))),
    ("push-late", Value::Seconds(|late| Fault::Push(Push::Late(late)))),
    ("push-after-next", Value::None(Fault::Push(Push::AfterNext))),
    ("wrong-hash", Value::None(Fault::Push(Push::WrongHash))),
    ("no-hash", Value::None(Fault::Push(Push::NoHash))),
    ("base64-hash", Value::None(Fault::Push(Push::Base64Hash))),
    ("sha512-hash", Value::None(Fault::Push(Push::Sha512))),
    ("push-cut", Value::None(Fault::Push(Push::Cut))),
    ("empty-document", Value::None(Fault::Push(Push::Empty))),
    ("altered-document", Value::None(Fault::Push(Push::Altered))),
    ("other-document", Value::None(Fault::Push(Push::Other))),
    ("escapes", Value::None(Fault::Push(Push::Escapes))),
    ("extend-string", Value::None(Fault::Push(Push::ExtendString))),
    ("upper-names", Value::None(Fault::Push(Push::UpperNames))),
    ("gbk-push", Value::None(Fault::Push(Push::Gbk))),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Who orders more than there is learns how much there is.
    #[test]
    fn says_the_limits() {
        for (words, limits) in [
            ("slow=601", "slow=SECONDS: SECONDS is a whole number from 0 to 600"),
            ("down=-1", "from 0 to 600"),
            ("push-late", "push-late=SECONDS: "),
            ("refuse=7", "CODE is one of the protocol's"),
            ("html=200", "from 400 to 599"),
            ("huge-document=201", "from 1 to 200"),
            ("dribble=", "dribble: this word has no value"),
            ("explode", "fault is one of refuse=CODE, fail=CODE, lose-answer, "),
        ] {
            let problem = Fault::read(words).unwrap_err();
            assert!(problem.to_string().contains(limits), "{words}: {problem}");
        }
        for (word, value) in WORDS {
            let word = format!("{word}{}", value.name());
            let word = word.replace("CODE", "-69").replace("SECONDS", "600").replace("STATUS", "502");
            assert!(Fault::read(&word.replace("MEGABYTES", "200")).is_ok(), "{word}");
        }
    }
}
