//! A request body on its way in: the bulk of it (documents, seals, materials) goes to files as it comes,
//! the rest is kept, bounded. A connection needs the same little memory whatever it sends.

use std::path::Path;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::time::{Instant, timeout, timeout_at};
use wosigndoc::protocol::scan::{Dialect, Limits, ScanFault, Scanner};
use wosigndoc::protocol::{Bilingual, Code, Violation};

use super::form::Form;
use super::reply::HttpRefusal;
use crate::orders::spool::{Spool, Upload};

/// The longest wait for the next piece of a body.
const MAX_PAUSE: Duration = Duration::from_secs(15);
/// The longest time that a whole body may take.
const MAX_DURATION: Duration = Duration::from_secs(600);
/// The lowest rate of a body on the whole, in bytes a second: a few callers that send a byte now and then
/// must not hold all connections.
const MIN_RATE: u64 = 1024;
/// The largest size of what stands around the bulk, in bytes: thousands of boxes.
const MAX_ENVELOPE: usize = 1024 * 1024;

/// Reads the body of an order; without `keep` its bulk is only counted.
pub async fn receive(
    headers: &HeaderMap,
    body: &mut Body,
    incoming: &Path,
    limit: u64,
    keep: bool,
) -> Result<Upload, HttpRefusal> {
    if announced(headers).is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let limits = Limits { body: limit, envelope: MAX_ENVELOPE, ..Limits::default() };
    let folder = incoming.join(uuid::Uuid::new_v4().to_string());
    let mut scanner = Scanner::new(Dialect::Order, limits, Spool::new(folder, keep));
    let mut form = is_form(headers).then(Form::new);
    let (mut read, mut json, begun) = (0_u64, Vec::new(), Instant::now());
    loop {
        let end = begun + MAX_DURATION.min(MAX_PAUSE + Duration::from_secs(read / MIN_RATE));
        let next = timeout_at(end, timeout(MAX_PAUSE, body.frame())).await;
        let Ok(Ok(next)) = next else { return Err(too_slow()) };
        let Some(frame) = next else { break };
        let Ok(frame) = frame else { return Err(cut()) };
        let Ok(piece) = frame.into_data() else { continue };
        read = read.saturating_add(piece.len() as u64);
        if read > limit {
            return Err(too_large(limit));
        }
        let piece = match form.as_mut() {
            Some(form) => {
                json.clear();
                form.feed(&piece, &mut json);
                &json
            }
            None => piece.as_ref(),
        };
        // Decodes, and writes to files.
        tokio::task::block_in_place(|| scanner.feed(piece)).map_err(|fault| refusal(fault, limit))?;
    }
    let (envelope, spool) = scanner.finish().map_err(|fault| refusal(fault, limit))?;
    let Value::Object(envelope) = envelope else {
        return Err(Violation::new(Code::MalformedJson, "").into());
    };
    Ok(Upload { envelope, spool })
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn is_form(headers: &HeaderMap) -> bool {
    const FORM: &str = "application/x-www-form-urlencoded";
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM))
}

fn too_large(limit: u64) -> HttpRefusal {
    let en = format!("the request is larger than {limit} bytes");
    HttpRefusal::new(StatusCode::PAYLOAD_TOO_LARGE, Bilingual::new(en, format!("请求超过 {limit} 字节")))
}

fn too_slow() -> HttpRefusal {
    HttpRefusal::new(
        StatusCode::REQUEST_TIMEOUT,
        Bilingual::fixed("the request came too slowly", "请求发送过慢"),
    )
}

fn cut() -> HttpRefusal {
    HttpRefusal::new(StatusCode::BAD_REQUEST, Bilingual::fixed("the request was cut short", "请求不完整"))
}

fn refusal(fault: ScanFault<std::io::Error>, limit: u64) -> HttpRefusal {
    let wrong = |field: String, en: &'static str, zh: &'static str| {
        HttpRefusal::from(Violation::new(Code::WrongParameter, field).detail(en, zh))
    };
    match fault {
        ScanFault::Malformed(words) => Violation::new(Code::MalformedJson, "").detailed(words.clone()).into(),
        ScanFault::Cut | ScanFault::Spent => Violation::new(Code::MalformedJson, "")
            .detail("it ends before it is complete", "内容不完整")
            .into(),
        ScanFault::BodyTooLarge => too_large(limit),
        ScanFault::EnvelopeTooLarge => wrong(
            String::new(),
            "there is more than 1 MiB besides documents and pictures",
            "除文档和图片外的内容超过 1 MiB",
        ),
        ScanFault::TooDeep => wrong(String::new(), "the JSON is nested too deep", "JSON 嵌套过深"),
        // These are noted while reading, and told by the checks.
        ScanFault::NotBase64(field) | ScanFault::NotText(field) | ScanFault::Twice(field) => {
            wrong(field, "is not base64", "不是 base64")
        }
        ScanFault::Sink(error) => {
            tracing::error!(%error, "cannot write a request's document");
            Violation::new(Code::PlatformInternal, "").into()
        }
    }
}
