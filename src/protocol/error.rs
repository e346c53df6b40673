//! One failure as data: what, where, why, in both languages, and what to do.

use std::borrow::Cow;
use std::io;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::bilingual::Bilingual;
use super::catalogue::{Code, Entry, Kind, Reason};
use super::system;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure. [`Error::to_json`] is the error document that crosses the C ABI.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq)]
struct Inner {
    reason: Reason,
    code: Option<i32>,
    field: Option<String>,
    detail: Option<Bilingual>,
    violations: Vec<Violation>,
    warnings: Vec<Warning>,
    http_status: Option<u16>,
    body_start: Option<String>,
    may_have_arrived: bool,
    /// What to do about this occurrence, and whether trying again can help, where the catalogue cannot know it.
    told: Option<(Bilingual, bool)>,
    /// Members of the error document that failures of this reason alone have.
    beside: Vec<(&'static str, Value)>,
}

/// A rule that an order breaks: code, path of the field, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The platform's code for it.
    pub code: Code,
    /// Path of the field, e.g. `signerlist[1].userNo`.
    pub field: String,
    /// What is wrong, where the code alone does not say it.
    pub detail: Option<Bilingual>,
}

/// Something odd about an order that does not stop it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// A stable word for programs, e.g. `subject_cut`.
    pub word: &'static str,
    /// Path of the field.
    pub field: String,
    /// What is odd.
    pub message: Bilingual,
}

impl Error {
    /// Makes a failure of this reason.
    #[must_use]
    pub fn new(reason: Reason) -> Error {
        Error(Box::new(Inner {
            reason,
            code: None,
            field: None,
            detail: None,
            violations: Vec::new(),
            warnings: Vec::new(),
            http_status: None,
            body_start: None,
            may_have_arrived: false,
            told: None,
            beside: Vec::new(),
        }))
    }

    /// Says that the platform said no with this number; one that the catalogue lacks keeps its number.
    #[must_use]
    pub fn platform(number: i32) -> Error {
        let known = Code::from_number(i64::from(number)).is_some();
        let mut error = Error::new(if known { Reason::PlatformRefused } else { Reason::UnknownCode });
        error.0.code = Some(number);
        error
    }

    /// Says that an order breaks these rules; the first one gives the code.
    #[must_use]
    pub fn invalid_order(violations: Vec<Violation>, warnings: Vec<Warning>) -> Error {
        let mut error = Error::new(Reason::InvalidOrder);
        if let Some(first) = violations.first() {
            error.0.code = Some(first.code.number());
            error.0.field = Some(first.field.clone());
        }
        error.0.violations = violations;
        error.0.warnings = warnings;
        error
    }

    /// Puts another reason over the same words.
    pub(crate) fn under(mut self, reason: Reason) -> Error {
        self.0.reason = reason;
        self
    }

    /// Names the field or setting that is at fault.
    #[must_use]
    pub fn field(mut self, path: impl Into<String>) -> Error {
        self.0.field = Some(path.into());
        self
    }

    /// Adds words about this occurrence, in both languages.
    #[must_use]
    pub fn detail(self, en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Error {
        self.detailed(Bilingual::new(en, zh))
    }

    /// Adds words about this occurrence that were found elsewhere.
    #[must_use]
    pub fn detailed(mut self, words: Bilingual) -> Error {
        self.0.detail = Some(words);
        self
    }

    /// Adds words that are the same in every language, such as a path or a number.
    #[must_use]
    pub fn because(self, cause: impl std::fmt::Display) -> Error {
        self.detailed(Bilingual::same(cause))
    }

    /// Makes a failure that the operating system reported, with its words about `what`: of this reason, or
    /// `system_resources` when descriptors, memory or the like have run out.
    #[must_use]
    pub fn of_system(reason: Reason, what: impl std::fmt::Display, cause: &io::Error) -> Error {
        let reason = if system::is_exhausted(cause) { Reason::SystemResources } else { reason };
        let words = system::words(cause);
        let what = what.to_string();
        Error::new(reason).detailed(if what.is_empty() { words } else { words.after(&what, &what) })
    }

    /// Says what to do about this occurrence, and whether the same call can succeed later, in place of the
    /// catalogue's word.
    #[must_use]
    pub fn advise(mut self, advice: Bilingual, retry: bool) -> Error {
        self.0.told = Some((advice, retry));
        self
    }

    /// Adds what a non-protocol answer was: its HTTP status and printable beginning.
    #[must_use]
    pub fn answer(mut self, http_status: u16, body_start: impl Into<String>) -> Error {
        self.0.http_status = Some(http_status);
        self.0.body_start = Some(body_start.into());
        self
    }

    /// Says that the request may have reached the platform.
    #[must_use]
    pub fn ambiguous(mut self) -> Error {
        self.0.may_have_arrived = true;
        self
    }

    /// Adds what was odd about the order: often the cause, such as a wrong check digit before -50.
    #[must_use]
    pub fn warnings(mut self, warnings: Vec<Warning>) -> Error {
        self.0.warnings = warnings;
        self
    }

    /// Adds a member to the error document, for what only this reason has to tell.
    #[must_use]
    pub(crate) fn beside(mut self, name: &'static str, value: Value) -> Error {
        self.0.beside.push((name, value));
        self
    }

    /// Returns what [`Error::to_json`] has of this name, where failures of this reason alone have it.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.0.beside.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Returns why it failed.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.0.reason
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.reason.kind()
    }

    /// Returns the platform's number, if it has one.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.0.code
    }

    /// Returns the path of the field or setting at fault.
    #[must_use]
    pub fn field_path(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// Returns the broken rules, for an invalid order.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// Tells whether the request may have reached the platform.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        self.0.may_have_arrived
    }

    /// Returns its catalogue entry: the code's where there is a known one, else the reason's; with the advice of this
    /// occurrence, if it has its own.
    #[must_use]
    pub fn entry(&self) -> Entry {
        let mut entry = match self.0.code.and_then(|number| Code::from_number(i64::from(number))) {
            Some(code) if self.kind() == Kind::Platform => code.entry(),
            _ => self.0.reason.entry(),
        };
        if let Some((advice, retry)) = &self.0.told {
            entry.advice = advice.clone();
            entry.retry = *retry;
        }
        entry
    }

    /// Returns the message in both languages, with this occurrence's words.
    #[must_use]
    pub fn message(&self) -> Bilingual {
        compose(self.entry(), self.0.detail.as_ref())
    }

    /// Returns the HTTP status that answers a push which failed so: 400 or 413 when its sender is at fault, else
    /// 500. None of them acknowledges it.
    #[must_use]
    pub fn answer_status(&self) -> u16 {
        match (self.kind(), self.reason()) {
            (_, Reason::PushTooLarge) => 413,
            (Kind::Protocol | Kind::Integrity | Kind::Untrusted, _) => 400,
            _ => 500,
        }
    }

    /// Returns the error document of a push: [`Error::to_json`] with [`Error::answer_status`].
    #[must_use]
    pub fn to_push_json(&self) -> Value {
        let mut document = self.to_json();
        if let Some(map) = document.as_object_mut() {
            map.insert("answer_status".to_owned(), self.answer_status().into());
        }
        document
    }

    /// Returns the error document: what [`crate`]'s C ABI hands out for a failure.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let inner = &*self.0;
        let entry = self.entry();
        let message = self.message();
        let mut document = json!({
            "kind": self.kind(),
            "reason": inner.reason.word(),
            "message": message.en,
            "message_zh": message.zh,
            "advice": entry.advice.en,
            "advice_zh": entry.advice.zh,
            "retry": entry.retry,
            "may_have_arrived": inner.may_have_arrived,
        });
        let mut put = |name: &str, value: Option<Value>| {
            if let (Some(value), Some(map)) = (value, document.as_object_mut()) {
                map.insert(name.to_owned(), value);
            }
        };
        put("code", inner.code.map(Value::from));
        put("field", inner.field.clone().map(Value::from));
        put("http_status", inner.http_status.map(Value::from));
        put("body_start", inner.body_start.clone().map(Value::from));
        let violations: Vec<Value> = inner.violations.iter().map(Violation::to_json).collect();
        put("violations", (!violations.is_empty()).then(|| Value::from(violations)));
        let warnings: Vec<Value> = inner.warnings.iter().map(Warning::to_json).collect();
        put("warnings", (!warnings.is_empty()).then(|| Value::from(warnings)));
        inner.beside.iter().for_each(|(name, value)| put(name, Some(value.clone())));
        document
    }
}

impl Violation {
    /// Makes a violation whose code says everything.
    pub fn new(code: Code, field: impl Into<String>) -> Violation {
        Violation { code, field: field.into(), detail: None }
    }

    /// Adds what is wrong there.
    #[must_use]
    pub fn detail(self, en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Violation {
        self.detailed(Bilingual::new(en, zh))
    }

    /// Adds what is wrong there, as it was found elsewhere.
    #[must_use]
    pub fn detailed(mut self, words: Bilingual) -> Violation {
        self.detail = Some(words);
        self
    }

    /// Returns it as it stands in an error document.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let entry = self.code.entry();
        let message = compose(entry.clone(), self.detail.as_ref());
        json!({
            "code": self.code.number(),
            "field": self.field,
            "message": message.en,
            "message_zh": message.zh,
            "advice": entry.advice.en,
            "advice_zh": entry.advice.zh,
        })
    }
}

impl Warning {
    /// Returns it as it stands in a result or an error document.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "warning": self.word,
            "field": self.field,
            "message": self.message.en,
            "message_zh": self.message.zh,
        })
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(code) = self.0.code {
            write!(f, "[{code}] ")?;
        }
        if let Some(field) = &self.0.field {
            write!(f, "{field}: ")?;
        }
        let message = self.message();
        write!(f, "{} ({})", message.en, message.zh)?;
        for violation in self.0.violations.iter().skip(1) {
            write!(f, "; {} [{}]", violation.field, violation.code.number())?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

fn compose(entry: Entry, detail: Option<&Bilingual>) -> Bilingual {
    match detail {
        None => entry.message,
        Some(detail) => detail.clone().after(entry.message.en, entry.message.zh),
    }
}
