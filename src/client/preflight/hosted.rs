//! The same look where the host sends by its own HTTP client: the host makes the GET, and what it saw is judged here.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::super::config::Config;
use super::super::hosted::{failure_of, milliseconds};
use super::super::report::Report;
use super::super::send::MAX_TOTAL;
use super::{answered, certificate, configured, lifetime, reached, sent_by, unanswered};
use crate::credentials::{Facts, now};
use crate::protocol::bilingual::NO_BASE64;
use crate::protocol::{Answer, Error, Reason, Result};
use crate::section::{Section, read_text};

/// What the host tells of itself, and of the GET when it has made it.
struct Told {
    /// The HTTP client, for people.
    transport: String,
    /// The certificate that it shows, in DER, where the host can tell.
    certificate: Option<Vec<u8>>,
    saw: Option<Saw>,
}

/// What became of the GET.
enum Saw {
    Answer { status: u16, date: Option<String>, body: Vec<u8> },
    Failure(Error),
}

/// Checks what can be checked for a host that sends by its own HTTP client. Returns the report of [`super::preflight`] and,
/// as long as the host has not told what became of a GET, the `request` that it should make: `{"method", "url", "headers",
/// "connect_timeout_ms", "timeout_ms"}`, `null` when there is no sense in one.
///
/// # Errors
/// `bad_json`, `bad_option`, `unknown_option`, `missing_option` for what the host told.
pub(crate) fn preflight_hosted(settings: &[u8], told: &[u8], timeout: Option<Duration>) -> Result<Value> {
    let told = read_text(told, "told", told_of)?;
    let mut report = Report::default();
    let config = configured(Config::read_for_host(settings), &mut report);
    sent_by(&told.transport, &mut report);
    match told.certificate.as_deref().map(Facts::of) {
        Some(Some(facts)) => shown_certificate(&facts, &mut report),
        Some(None) => report.bad("identity", &Error::new(Reason::IdentityUnreadable)),
        None => {}
    }
    let request =
        if told.saw.is_none() { config.as_ref().map(|config| request(config, timeout)) } else { None };
    match told.saw {
        Some(Saw::Answer { status, date, body }) => {
            reached(&mut report);
            answered(status, date.as_deref(), Answer::read(status, &body), &mut report);
        }
        Some(Saw::Failure(error)) if error.may_have_arrived() => unanswered(&error, &mut report),
        Some(Saw::Failure(error)) => report.bad("endpoint", &error),
        None => {}
    }
    let mut document = report.to_json();
    if let Value::Object(document) = &mut document {
        document.insert("request".to_owned(), json!(request));
    }
    Ok(document)
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

fn request(config: &Config, timeout: Option<Duration>) -> Value {
    let total = timeout.unwrap_or(config.timeouts().total).min(MAX_TOTAL);
    json!({
        "method": Method::GET.as_str(),
        "url": config.endpoint().as_str(),
        "headers": { "User-Agent": config.user_agent().to_str().unwrap_or_default() },
        "connect_timeout_ms": milliseconds(config.timeouts().connect.min(total)),
        "timeout_ms": milliseconds(total),
    })
}

fn told_of(map: Map<String, Value>, problems: &mut Vec<Error>) -> Told {
    let mut section = Section::new(map, "", problems);
    let transport = section.filled("transport").map(|words| words.to_string());
    if transport.is_none() {
        section.missing("transport");
    }
    let certificate = bytes(&mut section, "certificate");
    let answer = section.section("answer");
    let failure = section.section("failure");
    section.finish();
    let saw = match (answer, failure) {
        (Some(answer), _) => Some(answer_of(answer, problems)),
        (None, Some(failure)) => Some(Saw::Failure(failure_of(failure, problems))),
        (None, None) => None,
    };
    Told { transport: transport.unwrap_or_default(), certificate, saw }
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
