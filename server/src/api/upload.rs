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
use wosigndoc::protocol::{Code, Violation};

use super::form::Form;
use super::reply::HttpRefusal;
use crate::orders::spool::{Spool, Upload};

/// How long the next piece of a body is waited for.
const IDLE: Duration = Duration::from_secs(15);
/// How long a whole body may take.
const WHOLE: Duration = Duration::from_secs(600);
/// The slowest that a body may come on the whole, in bytes a second: a few callers that send a byte now and then
/// must not hold all connections.
const SLOWEST: u64 = 1024;
/// The most that may stand around the bulk, in bytes: thousands of boxes.
const ENVELOPE: usize = 1024 * 1024;

/// Reads the body of an order; without `keep` its bulk is only counted.
pub async fn receive(
    headers: &HeaderMap,
    body: &mut Body,
    incoming: &Path,
    most: u64,
    keep: bool,
) -> Result<Upload, HttpRefusal> {
    if announced(headers).is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    let limits = Limits { body: most, envelope: ENVELOPE, ..Limits::default() };
    let folder = incoming.join(uuid::Uuid::new_v4().to_string());
    let mut scanner = Scanner::new(Dialect::Order, limits, Spool::new(folder, keep));
    let mut form = is_form(headers).then(Form::new);
    let (mut read, mut json, begun) = (0_u64, Vec::new(), Instant::now());
    loop {
        let end = begun + WHOLE.min(IDLE + Duration::from_secs(read / SLOWEST));
        let next = timeout_at(end, timeout(IDLE, body.frame())).await;
        let Ok(Ok(next)) = next else { return Err(too_slow()) };
        let Some(frame) = next else { break };
        let Ok(frame) = frame else { return Err(cut()) };
        let Ok(piece) = frame.into_data() else { continue };
        read = read.saturating_add(piece.len() as u64);
        if read > most {
            return Err(too_large(most));
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
        tokio::task::block_in_place(|| scanner.feed(piece)).map_err(|fault| refusal(fault, most))?;
    }
    let (envelope, spool) = scanner.finish().map_err(|fault| refusal(fault, most))?;
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

fn too_large(most: u64) -> HttpRefusal {
    let en = format!("the request is larger than {most} bytes");
    HttpRefusal::new(StatusCode::PAYLOAD_TOO_LARGE, &en, &format!("请求超过 {most} 字节"))
}

fn too_slow() -> HttpRefusal {
    HttpRefusal::new(StatusCode::REQUEST_TIMEOUT, "the request came too slowly", "请求发送过慢")
}

fn cut() -> HttpRefusal {
    HttpRefusal::new(StatusCode::BAD_REQUEST, "the request was cut short", "请求不完整")
}

fn refusal(fault: ScanFault<std::io::Error>, most: u64) -> HttpRefusal {
    let wrong = |field: String, en: &str, zh: &str| {
        HttpRefusal::from(Violation::new(Code::WrongParameter, field).detail(en, zh))
    };
    match fault {
        ScanFault::Malformed(en, zh) => Violation::new(Code::MalformedJson, "").detail(en, zh).into(),
        ScanFault::Cut | ScanFault::Spent => Violation::new(Code::MalformedJson, "")
            .detail("it ends before it is complete", "内容不完整")
            .into(),
        ScanFault::BodyTooLarge => too_large(most),
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
