//! The platform's answer to an order (P-20 to P-22).

use serde_json::Value;

use super::catalogue::Reason;
use super::error::{Error, Result};
use super::fields::{Fields, Findings};

/// The longest answer that is read, in bytes (P-22).
pub const MAX_ANSWER: usize = 1024 * 1024;

/// How much of an answer that is not the protocol is shown, in bytes (P-22).
pub const SHOWN: usize = 512;

/// An answer by the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 0, or the code of the refusal.
    pub errorcode: i32,
    /// The platform's opaque id of the order.
    pub signid: Option<String>,
    /// The caller's own number, as the platform repeats it.
    pub order_number: Option<String>,
    /// Words that a platform may add to a refusal.
    pub message: Option<String>,
}

impl Answer {
    /// Reads a whole answer.
    ///
    /// # Errors
    /// `answer_not_protocol` with the HTTP status and the printable beginning of the body when it is not
    /// JSON or lacks a `status` of 0 or 1; `answer_too_large` above [`MAX_ANSWER`].
    pub fn read(http_status: u16, body: &[u8]) -> Result<Answer> {
        if body.len() > MAX_ANSWER {
            return Err(Error::new(Reason::AnswerTooLarge).answer(http_status, printable(body)));
        }
        Answer::parse(body)
            .ok_or_else(|| Error::new(Reason::AnswerNotProtocol).answer(http_status, printable(body)))
    }

    fn parse(body: &[u8]) -> Option<Answer> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let value: Value = serde_json::from_slice(body).ok()?;
        let mut fields = Fields::new(value.as_object()?, "");
        let status = fields.integer("status")??;
        let errorcode = fields.integer("errorcode").flatten().and_then(|code| i32::try_from(code).ok());
        let mut ignored = Findings::default();
        let errorcode = match (status, errorcode) {
            (1, _) => 0,
            (0, Some(code)) if code != 0 => code,
            _ => return None,
        };
        let mut text = |name| fields.text(name, &mut ignored).filter(|text| !text.is_empty());
        Some(Answer {
            errorcode,
            signid: text("signid"),
            order_number: text("orderNumber"),
            message: text("message"),
        })
    }
}

/// The beginning of a body as one printable line: what is not printable becomes `.`.
#[must_use]
pub fn printable(body: &[u8]) -> String {
    let start = body.get(..SHOWN).unwrap_or(body);
    String::from_utf8_lossy(start)
        .chars()
        .map(|c| if c.is_control() || c == '\u{fffd}' { '.' } else { c })
        .collect()
}
