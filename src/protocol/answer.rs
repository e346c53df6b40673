//! The platform's answer to an order.

use serde_json::Value;

use super::catalogue::Reason;
use super::error::{Error, Result};
use super::fields::{Fields, Findings};
use super::json;

/// The longest answer that is read, in bytes.
pub const MAX_ANSWER: usize = 1024 * 1024;

/// How much of an answer that is not the protocol is shown, in bytes.
pub const SHOWN: usize = 512;

/// An answer by the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// True: status 1, the order is taken. False: status 0, it is refused.
    pub taken: bool,
    /// The code of the refusal; `None` when the order is taken, or the code cannot be read.
    pub errorcode: Option<i32>,
    /// The platform's opaque id of the order.
    pub signid: Option<String>,
    /// The caller's own number, as the platform repeats it.
    pub order_number: Option<String>,
    /// Words that a platform may add to a refusal, or its code when that cannot be read.
    pub message: Option<String>,
}

impl Answer {
    /// Reads a whole answer.
    ///
    /// # Errors
    /// `answer_not_protocol` with the HTTP status and the printable beginning of the body when it is not
    /// JSON or lacks a `status` of 0 or 1, or when it says nothing but that and the HTTP status is that of a
    /// broken server: some gateways speak so. `answer_too_large` above [`MAX_ANSWER`]. Somebody answered
    /// then, and may have taken the order.
    pub fn read(http_status: u16, body: &[u8]) -> Result<Answer> {
        let (answer, reason) = if body.len() > MAX_ANSWER {
            (None, Reason::AnswerTooLarge)
        } else {
            let parsed = Answer::parse(body).filter(|answer| http_status < 500 || answer.says_something());
            (parsed, Reason::AnswerNotProtocol)
        };
        answer.ok_or_else(|| Error::new(reason).answer(http_status, printable(body)).ambiguous())
    }

    /// Returns the platform's no as an error; `None` when the order is taken.
    #[must_use]
    pub fn refusal(&self) -> Option<Error> {
        if self.taken {
            return None;
        }
        let error = self.errorcode.map_or_else(|| Error::new(Reason::UnknownCode), Error::platform);
        Some(match &self.message {
            Some(words) => error.because(printable(words.as_bytes())),
            None => error,
        })
    }

    /// Tells whether it has what only the platform knows: an order's id, or a reason of the protocol.
    fn says_something(&self) -> bool {
        if self.taken { self.signid.is_some() } else { self.errorcode.is_some() }
    }

    fn parse(body: &[u8]) -> Option<Answer> {
        let value = json::parse(body).ok()?;
        let mut fields = Fields::new(value.as_object()?, "");
        let taken = match fields.integer("status")?? {
            1 => true,
            0 => false,
            _ => return None,
        };
        let given = fields.integer("errorcode").flatten();
        let errorcode = given.and_then(|code| i32::try_from(code).ok()).filter(|code| *code != 0 && !taken);
        // P-21: a code that is no number of ours is kept as it was written.
        let unread = fields.value("errorcode").filter(|_| errorcode.is_none()).map(Value::to_string);
        let mut ignored = Findings::default();
        let mut text = |name| fields.text(name, &mut ignored).filter(|text| !text.is_empty());
        Some(Answer {
            taken,
            errorcode,
            signid: text("signid"),
            order_number: text("orderNumber"),
            message: text("message").or(unread),
        })
    }
}

/// Returns the beginning of a body as one printable line: what is not printable becomes `.`.
#[must_use]
pub fn printable(body: &[u8]) -> String {
    let start = body.get(..SHOWN).unwrap_or(body);
    String::from_utf8_lossy(start)
        .chars()
        .map(|c| if c.is_control() || c == '\u{fffd}' { '.' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-20, P-21: a refusal is one, whatever its code looks like, and its words are bounded.
    #[test]
    fn keeps_what_a_refusal_says() {
        let refusal = |body: &str| Answer::read(200, body.as_bytes()).unwrap().refusal().unwrap();
        for code in ["99999999999", "-3000000000", "\"E17\"", "1.5"] {
            let error = refusal(&format!("{{\"status\":0,\"errorcode\":{code}}}"));
            assert_eq!((error.reason(), error.code()), (Reason::UnknownCode, None));
            assert!(error.message().en.contains(code), "{error}");
        }
        assert_eq!(refusal("{\"status\":0}").reason(), Reason::UnknownCode);
        let words = "坏\\n".repeat(100_000);
        let error = refusal(&format!("{{\"status\":0,\"errorcode\":-79,\"message\":\"{words}\"}}"));
        let message = error.message().en;
        assert!(message.len() < 700 && !message.contains(char::is_control), "{message}");
    }

    /// Covers P-23: whoever answered something else may have taken the order.
    #[test]
    fn an_answer_of_another_kind_is_ambiguous() {
        let huge = vec![b' '; MAX_ANSWER + 1];
        for body in [&b"<html>"[..], b"{}", &huge] {
            assert!(Answer::read(502, body).unwrap_err().may_have_arrived());
        }
    }
}
