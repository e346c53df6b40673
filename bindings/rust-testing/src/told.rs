//! What a sandbox tells of orders, pushes and exchanges.

use std::fmt;

use serde_json::Value;
use wosigndoc::push::{Options as PushOptions, Received, Sink, receive};

use crate::SandboxError;
use crate::control::Control;

/// How far an order, or the push of its document, has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// The platform has taken it.
    Accepted,
    /// Everybody has signed.
    Signed,
    /// It has failed.
    Failed,
    /// The push has been tried, whatever came of it.
    Pushed,
    /// The push was acknowledged.
    Acknowledged,
    /// The push was given up.
    Undelivered,
}

/// An order as the platform has it, and where its push stands. Times are RFC 3339, by the platform's clock.
#[derive(Clone, Debug, PartialEq)]
pub struct SandboxOrder {
    /// The platform's id of it.
    pub signid: String,
    /// The site's own number.
    pub order_number: String,
    /// The token that it was sent with.
    pub tokenid: String,
    /// `Accepted`, `Signed` or `Failed`.
    pub state: OrderState,
    /// When it was accepted.
    pub accepted_at: String,
    /// The code of an order that failed.
    pub error_code: Option<i32>,
    /// SHA-256 of the signed document, in hex.
    pub sha256: Option<String>,
    /// `pending`, `acknowledged` or `undelivered`; absent while there is nothing to push.
    pub push_state: Option<String>,
    /// How many times the push was tried so far.
    pub push_tries: u64,
    /// When the push is tried next; absent: it is not by itself.
    pub next_push: Option<String>,
    /// Why the last try to push was not acknowledged.
    pub push_error: Option<String>,
    /// All that the control API tells, with the signers where one order was asked for.
    pub json: Value,
}

/// A push that came to the inbox, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxEntry {
    /// Its number, counted from 1.
    pub id: u64,
    /// When it came (RFC 3339), by the platform's clock.
    pub at: String,
    /// The site's own number of the order; absent: the push is not right.
    pub order_number: Option<String>,
    /// The platform's id of the order; absent: the push is not right.
    pub signid: Option<String>,
    /// The length of its body in bytes.
    pub length: u64,
    /// Why it is not right, as the library says.
    pub error: Option<String>,
    /// The status that was answered.
    pub status: u16,
    /// The answer.
    pub answer: String,
    control: Control,
}

/// An order that came in, or a push that went out. No document and no secret is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalEntry {
    /// Its number, counted from 1.
    pub id: u64,
    /// Whether it is a push that went out, and not an order that came in.
    pub is_push: bool,
    /// When it began (RFC 3339), by the platform's clock.
    pub at: String,
    /// The site's own number of the order, where it is known.
    pub order_number: Option<String>,
    /// The platform's id of the order, where it is known.
    pub signid: Option<String>,
    /// How often a push was tried, this try included.
    pub tries: Option<u64>,
    /// The status of the answer; absent: none came.
    pub status: Option<u16>,
    /// The beginning of the answer, where it holds nothing secret.
    pub answer: Option<String>,
    /// Why the order was refused, or the push not acknowledged.
    pub error: Option<String>,
    /// All that the control API tells, with heads and sizes.
    pub json: Value,
}

impl OrderState {
    /// The control API's word for it.
    pub(crate) fn word(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

impl SandboxOrder {
    pub(crate) fn read(json: &Value) -> SandboxOrder {
        let push = json.get("push").unwrap_or(&Value::Null);
        SandboxOrder {
            signid: required(json, "signid"),
            order_number: required(json, "order_number"),
            tokenid: required(json, "tokenid"),
            state: match json.get("state").and_then(Value::as_str) {
                Some("signed") => OrderState::Signed,
                Some("failed") => OrderState::Failed,
                _ => OrderState::Accepted,
            },
            accepted_at: required(json, "accepted_at"),
            error_code: number(json, "errorcode"),
            sha256: text(json, "sha256"),
            push_state: text(push, "state"),
            push_tries: number(push, "tries").unwrap_or_default(),
            next_push: text(push, "next_try"),
            push_error: text(push, "last_error"),
            json: json.clone(),
        }
    }
}

impl InboxEntry {
    pub(crate) fn read(json: &Value, control: &Control) -> InboxEntry {
        InboxEntry {
            id: number(json, "id").unwrap_or_default(),
            at: required(json, "at"),
            order_number: text(json, "order_number"),
            signid: text(json, "signid"),
            length: number(json, "bytes").unwrap_or_default(),
            error: text(json, "error"),
            status: number(json, "status").unwrap_or_default(),
            answer: required(json, "answer"),
            control: control.clone(),
        }
    }

    /// Returns its body, byte for byte as it came.
    ///
    /// # Errors
    /// When the inbox has it no longer.
    pub fn body(&self) -> Result<Vec<u8>, SandboxError> {
        self.control.bytes("GET", &format!("inbox/{}", self.id), &Value::Null)
    }

    /// Receives it as a site does; the document is in memory.
    ///
    /// # Errors
    /// When it is not right, or the options refuse it: [`SandboxError::refused`] has the library's own words.
    pub fn receive(&self, options: PushOptions) -> Result<Received, SandboxError> {
        receive(&self.body()?, options, Sink::Owned).map_err(SandboxError::from)
    }
}

impl JournalEntry {
    pub(crate) fn read(json: &Value) -> JournalEntry {
        let answer = json.get("answer").unwrap_or(&Value::Null);
        JournalEntry {
            id: number(json, "id").unwrap_or_default(),
            is_push: json.get("kind").is_some_and(|kind| kind == "push"),
            at: required(json, "at"),
            order_number: text(json, "order_number"),
            signid: text(json, "signid"),
            tries: number(json, "tries"),
            status: number(answer, "status"),
            answer: text(answer, "start"),
            error: text(json, "error"),
            json: json.clone(),
        }
    }
}

/// Where it stands, in one line.
impl fmt::Display for SandboxOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&required(&self.json, "line"))
    }
}

/// What happened, in one line.
impl fmt::Display for JournalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&required(&self.json, "line"))
    }
}

fn text(json: &Value, name: &str) -> Option<String> {
    json.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn required(json: &Value, name: &str) -> String {
    text(json, name).unwrap_or_default()
}

fn number<T: TryFrom<i64>>(json: &Value, name: &str) -> Option<T> {
    json.get(name).and_then(Value::as_i64).and_then(|number| T::try_from(number).ok())
}
