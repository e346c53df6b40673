//! The same look where the host sends by its own HTTP client: the host makes the requests, and what it saw is judged here.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::{Map, Value, json};

use super::super::config::Config;
use super::super::hosted::{failure_of, milliseconds};
use super::super::report::Report;
use super::super::send::{JSON, MAX_TOTAL};
use super::fate::{Fate, Fates};
use super::impossible::{order, unknown_token};
use super::{answered, certificate, clock_of, configured, lifetime, reached, sent_by, unanswered, verdict};
use crate::credentials::{Facts, now};
use crate::protocol::bilingual::NO_BASE64;
use crate::protocol::{Answer, Error, Reason, Result};
use crate::section::{Section, read_text};

/// Orders that a host is asked to send: it cannot show another certificate than its own.
const ORDERS: usize = 2;

/// What the host tells of itself, and of the requests that it has made.
struct Told {
    /// The HTTP client, for people.
    transport: String,
    /// The certificate that it shows, in DER, where the host can tell.
    certificate: Option<Vec<u8>>,
    saw: Option<Saw>,
    /// Whether orders that must be refused are sent, in place of the GET, and what became of those that were.
    live: bool,
    orders: Vec<Saw>,
}

/// What became of a request.
enum Saw {
    Answer { status: u16, date: Option<String>, body: Vec<u8> },
    Failure(Error),
}

/// Checks what can be checked for a host that sends by its own HTTP client. Returns the report of [`super::preflight`] and,
/// as long as the host has not told what became of a GET, the `request` that it should make: `{"method", "url", "headers",
/// "body", "content_length", "connect_timeout_ms", "timeout_ms"}`, `null` when there is no sense in one. With `live` the
/// requests are orders that must be refused, one after the other, and what became of them is told in `orders`.
///
/// # Errors
/// `bad_json`, `bad_option`, `unknown_option`, `missing_option` for what the host told.
pub(crate) fn preflight_hosted(settings: &[u8], told: &[u8], timeout: Option<Duration>) -> Result<Value> {
    let told = read_text(told, "told", told_of)?;
    let mut report = Report::default();
    let config = configured(Config::read_for_host(settings), &mut report);
    sent_by(&told.transport, &mut report);
    let spki = told.certificate.and_then(|certificate| shown(&certificate, &mut report));
    let asks = told.saw.is_none();
    if let Some(saw) = told.saw {
        of_get(saw, &mut report);
    }
    let request = match config {
        Some(config) if told.live => next_order(&config, told.orders, spki.as_deref(), timeout, &mut report)?,
        Some(config) if asks => Some(request(&config, None, timeout)),
        _ => None,
    };
    let mut document = report.to_json();
    if let Value::Object(document) = &mut document {
        document.insert("request".to_owned(), json!(request));
    }
    Ok(document)
}

/// Reports the certificate that the host shows, and returns its public key's SHA-256.
fn shown(certificate: &[u8], report: &mut Report) -> Option<String> {
    let Some(facts) = Facts::of(certificate) else {
        report.bad("identity", &Error::new(Reason::IdentityUnreadable));
        return None;
    };
    shown_certificate(&facts, report);
    Some(facts.spki_sha256)
}

/// Judges what became of the GET.
fn of_get(saw: Saw, report: &mut Report) {
    match saw {
        Saw::Answer { status, date, body } => {
            reached(report);
            answered(status, date.as_deref(), Answer::read(status, &body), report);
        }
        Saw::Failure(error) if error.may_have_arrived() => unanswered(&error, report),
        Saw::Failure(error) => report.bad("endpoint", &error),
    }
}

/// Judges what became of the orders that were sent, and returns the next one, as long as the answers allow it.
fn next_order(
    config: &Config,
    orders: Vec<Saw>,
    spki: Option<&str>,
    timeout: Option<Duration>,
    report: &mut Report,
) -> Result<Option<Value>> {
    match orders.first() {
        Some(Saw::Failure(error)) if !error.may_have_arrived() => {
            report.bad("endpoint", error);
            return Ok(None);
        }
        Some(Saw::Answer { date, .. }) => {
            reached(report);
            clock_of(date.as_deref(), report);
        }
        _ => {}
    }
    let mut fates = orders.into_iter().map(Saw::fate);
    let (made_up, real) = (fates.next(), fates.next());
    let next = match (&made_up, &real) {
        (None, _) => Some(unknown_token()?),
        (Some(made_up), None) if made_up.goes_on() => Some(config.order_settings().tokenid.clone()),
        _ => None,
    };
    if made_up.is_some() {
        let fates = Fates { unknown_token: made_up, unknown_certificate: None, unknown_template: real };
        verdict::judge(&fates, spki, report);
    }
    next.map(|tokenid| Ok(request(config, Some(order(&tokenid)?), timeout))).transpose()
}

impl Saw {
    fn fate(self) -> Fate {
        match self {
            Saw::Answer { status, body, .. } => Fate::of(Answer::read(status, &body)),
            Saw::Failure(error) => Fate::Lost(error),
        }
    }
}

fn shown_certificate(facts: &Facts, report: &mut Report) {
    certificate(facts, report);
    let time = now();
    if time > facts.not_after {
        report.bad("expiry", &Error::new(Reason::IdentityExpired));
    } else if time < facts.not_before {
        report.bad("expiry", &Error::new(Reason::IdentityNotYetValid));
    } else {
        lifetime(facts, report);
    }
}

/// Returns what the host should do: a GET, or an order to be posted.
fn request(config: &Config, order: Option<Vec<u8>>, timeout: Option<Duration>) -> Value {
    let total = timeout.unwrap_or(config.timeouts().total).min(MAX_TOTAL);
    let method = if order.is_some() { Method::POST } else { Method::GET };
    let text = |value: &HeaderValue| Value::from(value.to_str().unwrap_or_default());
    let mut headers = Map::from_iter([("User-Agent".to_owned(), text(config.user_agent()))]);
    if order.is_some() {
        headers.insert("Content-Type".to_owned(), text(&JSON));
    }
    let mut request = Map::from_iter([
        ("method".to_owned(), json!(method.as_str())),
        ("url".to_owned(), json!(config.endpoint().as_str())),
        ("headers".to_owned(), Value::Object(headers)),
        ("connect_timeout_ms".to_owned(), milliseconds(config.timeouts().connect.min(total)).into()),
        ("timeout_ms".to_owned(), milliseconds(total).into()),
    ]);
    if let Some(order) = order {
        request.insert("content_length".to_owned(), order.len().into());
        request.insert("body".to_owned(), String::from_utf8_lossy(&order).into());
    }
    Value::Object(request)
}

fn told_of(map: Map<String, Value>, problems: &mut Vec<Error>) -> Told {
    let mut section = Section::new(map, "", problems);
    let transport = section.filled("transport").map(|words| words.to_string());
    if transport.is_none() {
        section.missing("transport");
    }
    let certificate = bytes(&mut section, "certificate");
    let live = section.flag("live").unwrap_or_default();
    let orders = section.sections("orders").unwrap_or_default();
    if orders.len() > ORDERS || (!live && !orders.is_empty()) {
        section.wrong("orders", "has orders that were not asked for", "含有未要求发送的订单");
    }
    let (answer, failure) = (section.section("answer"), section.section("failure"));
    section.finish();
    let saw = saw(answer, failure, problems);
    let orders = orders.into_iter().filter_map(|order| order_of(order, problems)).collect();
    Told { transport: transport.unwrap_or_default(), certificate, saw, live, orders }
}

/// Reads what became of an order: `{"answer"}` or `{"failure"}`.
fn order_of(map: Map<String, Value>, problems: &mut Vec<Error>) -> Option<Saw> {
    let mut section = Section::new(map, "orders", problems);
    let (answer, failure) = (section.section("answer"), section.section("failure"));
    if answer.is_none() && failure.is_none() {
        section.missing("answer");
    }
    section.finish();
    saw(answer, failure, problems)
}

fn saw(
    answer: Option<Map<String, Value>>,
    failure: Option<Map<String, Value>>,
    problems: &mut Vec<Error>,
) -> Option<Saw> {
    match (answer, failure) {
        (Some(answer), _) => Some(answer_of(answer, problems)),
        (None, Some(failure)) => Some(Saw::Failure(failure_of(failure, problems))),
        (None, None) => None,
    }
}

fn answer_of(map: Map<String, Value>, problems: &mut Vec<Error>) -> Saw {
    let mut section = Section::new(map, "answer", problems);
    let status = section.number("http_status", 100..=999);
    if status.is_none() {
        section.missing("http_status");
    }
    let date = section.text("date").map(|date| date.to_string());
    let body = bytes(&mut section, "body").unwrap_or_default();
    section.finish();
    Saw::Answer {
        status: status.and_then(|status| u16::try_from(status).ok()).unwrap_or_default(),
        date,
        body,
    }
}

/// Reads bytes that are given as base64.
fn bytes(section: &mut Section<'_>, name: &'static str) -> Option<Vec<u8>> {
    let text = section.text(name)?;
    let bytes = STANDARD.decode(text.as_bytes());
    if bytes.is_err() {
        section.wrong(name, NO_BASE64.en, NO_BASE64.zh);
    }
    bytes.ok()
}
