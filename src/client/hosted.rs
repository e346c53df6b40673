//! An order that the host sends by its own HTTP client, such as one whose key cannot leave a smart card: it is judged and
//! read here, piece by piece; what came of a try is told here, and what to do then is answered. The rules are those of
//! [`super::send`]; nothing here speaks to a network.

use std::time::{Duration, Instant};

use bytes::Bytes;
use self_cell::self_cell;
use serde_json::{Map, Value, json};

use super::config::Config;
use super::dry_run::{prepare, to_json};
use super::masked::masked;
use super::send::{Created, JSON, MAX_TOTAL, judge};
use super::transport::{Located, Supplied};
use super::tries::Tries;
use crate::protocol::stream::{Pieces, Plan};
use crate::protocol::{Answer, Error, Reason, Result, SignOrder, Warning};
use crate::section::{Section, read_text};

/// An order on its way by the host's own HTTP client. Attachments are borrowed as long as it lives.
pub(crate) struct HostedOrder {
    body: Body,
    tries: Tries,
    number: String,
    warnings: Vec<Warning>,
}

/// What the bytes of the body are taken from.
struct Sources {
    order: SignOrder,
    attachments: Vec<&'static [u8]>,
}

self_cell!(
    struct Body {
        owner: Sources,

        #[not_covariant]
        dependent: Reading,
    }
);

/// The body while it is read.
struct Reading<'a> {
    plan: Plan<Located<'a>>,
    pieces: Pieces<Supplied<'a>>,
    /// What is left of the piece that was read last.
    rest: Bytes,
    /// Bytes that were read.
    read: u64,
}

/// Checks the configuration of a client whose orders the host sends. Returns `{"endpoint"}`.
///
/// # Errors
/// Those of [`Config::from_json`].
pub(crate) fn check_hosted(settings: &[u8]) -> Result<Value> {
    let config = Config::for_host(settings)?;
    Ok(json!({ "endpoint": config.endpoint().as_str() }))
}

impl HostedOrder {
    /// Judges an order and begins its first try. Returns it with what the host needs for the request: `{"method", "url",
    /// "headers", "content_length", "connect_timeout_ms", "timeout_ms", "warnings"}`.
    ///
    /// # Errors
    /// Those of [`Config::from_json`]; `bad_json`, `invalid_order`, `attachment_missing`, `file_unreadable`.
    pub(crate) fn open(
        settings: &[u8],
        order: &[u8],
        attachments: Vec<&'static [u8]>,
        timeout: Option<Duration>,
    ) -> Result<(HostedOrder, Value)> {
        let config = Config::for_host(settings)?;
        let (order, findings) = SignOrder::from_json(order)?;
        let number = order.order_number.clone().unwrap_or_default();
        let total = timeout.unwrap_or(config.timeouts().total).min(MAX_TOTAL);
        let mut told = Vec::new();
        let body = Body::try_new(Sources { order, attachments }, |sources| {
            let settings = config.order_settings();
            let (plan, warnings) = prepare(settings, &sources.order, findings, &sources.attachments)?;
            told = warnings;
            let pieces = plan.pieces(Located::supply);
            Ok::<_, Error>(Reading { plan, pieces, rest: Bytes::new(), read: 0 })
        })?;
        let about = json!({
            "method": "POST",
            "url": config.endpoint().as_str(),
            "headers": {
                "Content-Type": JSON.to_str().unwrap_or_default(),
                "User-Agent": config.user_agent().to_str().unwrap_or_default(),
            },
            "content_length": body.with_dependent(|_, reading| reading.plan.content_length()),
            "connect_timeout_ms": milliseconds(config.timeouts().connect.min(total)),
            "timeout_ms": milliseconds(total),
            "warnings": to_json(&told),
        });
        let tries = Tries::new(config.retry(), total);
        Ok((HostedOrder { body, tries, number, warnings: told }, about))
    }

    /// Copies the next bytes of the body into `space`, as many as fit or are left; 0 after the last.
    ///
    /// # Errors
    /// `file_unreadable` and `file_changed`: the request must be broken off.
    pub(crate) fn read(&mut self, space: &mut [u8]) -> Result<usize> {
        let read = self.body.with_dependent_mut(|_, reading| {
            let mut filled = 0;
            while let Some(room) = space.get_mut(filled..).filter(|room| !room.is_empty()) {
                if reading.rest.is_empty() {
                    match reading.pieces.next_piece()? {
                        Some(piece) => reading.rest = piece,
                        None => break,
                    }
                }
                let count = room.len().min(reading.rest.len());
                if let Some(space) = room.get_mut(..count) {
                    space.copy_from_slice(&reading.rest.split_to(count));
                }
                filled += count;
            }
            reading.read += filled as u64;
            Ok(filled)
        });
        read.map_err(|error| self.tries.ended(error))
    }

    /// Goes back to the first byte: HTTP clients send a body again when a server or a proxy asks who they are, and some when
    /// a connection breaks. Once the whole body has been read, that is another try: the order may have arrived.
    pub(crate) fn rewind(&mut self) {
        if self.begin() {
            self.tries.repeated();
        }
    }

    /// Goes back to the first byte, and tells whether the last one had been read.
    fn begin(&mut self) -> bool {
        self.body.with_dependent_mut(|_, reading| {
            reading.pieces = reading.plan.pieces(Located::supply);
            reading.rest = Bytes::new();
            std::mem::take(&mut reading.read) == reading.plan.content_length()
        })
    }

    /// Reads the platform's answer.
    ///
    /// # Errors
    /// Those of an answer to [`super::Client::create`].
    pub(crate) fn answered(&self, http_status: u16, body: &[u8]) -> Result<Created> {
        let answer = Answer::read(http_status, body)?;
        judge(answer, self.tries.attempt(), self.number.clone(), self.warnings.clone())
    }

    /// Takes what the host says of a try that got no answer, and returns what is left to do: `{"pause_ms", "timeout_ms"}`,
    /// the pause before the body, which is at its first byte again, is sent once more, and the time that is left then.
    ///
    /// # Errors
    /// What the call fails with when no other try may follow; `bad_option` for a failure that cannot be understood.
    pub(crate) fn failed(&mut self, failure: &[u8]) -> Result<Value> {
        let failure = read_text(failure, "failure", failure_of)?;
        let pause = self.tries.failed(failure).map_err(|error| error.warnings(self.warnings.clone()))?;
        self.begin();
        let left = self.tries.deadline().saturating_duration_since(Instant::now()).saturating_sub(pause);
        Ok(json!({ "pause_ms": milliseconds(pause), "timeout_ms": milliseconds(left).max(1) }))
    }
}

/// Reads `{"stage": "connect", "exchange" or "answer", "tls", "timeout", "message"}`. Before the exchange no byte of the order
/// was sent; after it the answer has begun.
pub(super) fn failure_of(map: Map<String, Value>, problems: &mut Vec<Error>) -> Error {
    let mut section = Section::new(map, "", problems);
    let stage = section.filled("stage");
    let timeout = section.flag("timeout").unwrap_or_default();
    let tls = section.flag("tls").unwrap_or_default();
    let words = section.text("message").map(|words| masked(&words)).unwrap_or_default();
    let stage = stage.as_ref().map(|stage| stage.as_str());
    match stage {
        Some("connect" | "exchange" | "answer") => {}
        Some(_) => {
            section.wrong("stage", "must be connect, exchange or answer", "应为 connect、exchange 或 answer")
        }
        None => section.missing("stage"),
    }
    section.finish();
    let connecting = stage == Some("connect");
    let error = Error::new(match stage {
        _ if tls => Reason::TlsFailed,
        _ if timeout => {
            if connecting {
                Reason::ConnectTimeout
            } else {
                Reason::CallTimeout
            }
        }
        _ if connecting => Reason::ConnectFailed,
        Some("answer") => Reason::AnswerCut,
        _ => Reason::ConnectionLost,
    });
    let error = if connecting { error } else { error.ambiguous() };
    // The host's words are in one language.
    if words.is_empty() { error } else { error.because(words) }
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
