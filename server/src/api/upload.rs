//! A request body on its way in: the bulk of it (documents, seals, materials) goes to files as it comes,
//! the rest is kept, bounded. A connection needs the same little memory whatever it sends.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout, timeout_at};
use wosigndoc::protocol::scan::{Bulk, DECODED_BLOCK, Dialect, Limits, ScanFault, Scanner, Start};
use wosigndoc::protocol::{Code, Violation};

use super::form::Form;
use super::reply::Refusal;
use crate::folder;

/// How long the next piece of a body is waited for.
const IDLE: Duration = Duration::from_secs(15);
/// How long a whole body may take.
const WHOLE: Duration = Duration::from_secs(600);
/// The slowest that a body may come on the whole, in bytes a second: a few callers that send a byte now and then
/// must not hold all connections.
const SLOWEST: u64 = 1024;
/// The most that may stand around the bulk, in bytes: thousands of boxes.
const ENVELOPE: usize = 1024 * 1024;
/// Decoded bytes gathered before they are written.
const BUFFER: usize = 64 * 1024;

/// A body that came whole.
pub struct Upload {
    /// Everything but the bulk; the n-th bulk string stands as `{"attachment": n}`.
    pub envelope: Map<String, Value>,
    /// The bulk.
    pub spool: Spool,
}

/// The files of one request; removed when it is dropped, unless an order took them over.
pub struct Spool {
    folder: PathBuf,
    made: bool,
    /// Whether the bulk is written at all.
    keep: bool,
    /// What each file is.
    pub parts: Vec<Part>,
    /// What is wrong with bulk fields: told in its turn, after token and certificate (P-18).
    pub faults: Vec<(String, Fault)>,
    open: Option<File>,
    buffer: Vec<u8>,
    filled: usize,
}

/// What is wrong with a field, in English and Chinese.
pub type Fault = (&'static str, &'static str);

/// One bulk string, decoded into a file.
#[derive(Clone, Debug)]
pub struct Part {
    /// Path of the field, e.g. `signerlist[1].pic`.
    pub field: String,
    /// The file.
    pub path: PathBuf,
    /// Its length in bytes.
    pub length: u64,
}

/// Reads the body of an order; without `keep` its bulk is only counted.
pub async fn receive(
    headers: &HeaderMap,
    body: &mut Body,
    incoming: &Path,
    most: u64,
    keep: bool,
) -> Result<Upload, Refusal> {
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

fn too_large(most: u64) -> Refusal {
    let en = format!("the request is larger than {most} bytes");
    Refusal::http(StatusCode::PAYLOAD_TOO_LARGE, &en, &format!("请求超过 {most} 字节"))
}

fn too_slow() -> Refusal {
    Refusal::http(StatusCode::REQUEST_TIMEOUT, "the request came too slowly", "请求发送过慢")
}

fn cut() -> Refusal {
    Refusal::http(StatusCode::BAD_REQUEST, "the request was cut short", "请求不完整")
}

fn refusal(fault: ScanFault<std::io::Error>, most: u64) -> Refusal {
    let wrong = |field: String, en: &str, zh: &str| {
        Refusal::from(Violation::new(Code::WrongParameter, field).detail(en, zh))
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

impl Spool {
    fn new(folder: PathBuf, keep: bool) -> Spool {
        let (parts, faults, buffer) = (Vec::new(), Vec::new(), Vec::new());
        Spool { folder, made: false, keep, parts, faults, open: None, buffer, filled: 0 }
    }

    /// Where the files lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folder, for a request that brought no bulk.
    pub fn make(&mut self) -> std::io::Result<()> {
        if !self.made {
            folder::make(&self.folder)?;
            self.made = true;
        }
        Ok(())
    }

    /// The files belong to an order now.
    pub fn taken(mut self) {
        self.made = false;
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if let (Some(file), Some(bytes)) = (self.open.as_mut(), self.buffer.get(..self.filled)) {
            file.write_all(bytes)?;
        }
        self.filled = 0;
        Ok(())
    }

    fn count(&mut self, bytes: usize) {
        if let Some(part) = self.parts.last_mut() {
            part.length += bytes as u64;
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if self.made {
            // What cannot be removed now is removed at the next start.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

impl Bulk for Spool {
    type Error = std::io::Error;

    fn begin(&mut self, start: &Start<'_>) -> std::io::Result<()> {
        self.buffer.resize(BUFFER, 0);
        let path = self.folder.join(format!("part-{}", start.index));
        if self.keep {
            self.make()?;
            self.open = Some(folder::private_file(&path, true)?);
        }
        self.parts.push(Part { field: start.field.to_owned(), path, length: 0 });
        Ok(())
    }

    fn space(&mut self) -> std::io::Result<&mut [u8]> {
        if self.buffer.len().saturating_sub(self.filled) < DECODED_BLOCK {
            self.flush()?;
        }
        Ok(self.buffer.get_mut(self.filled..).unwrap_or_default())
    }

    fn advance(&mut self, count: usize) -> std::io::Result<()> {
        self.filled += count;
        self.count(count);
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.flush()?;
        if let Some(file) = self.open.as_mut() {
            file.write_all(bytes)?;
        }
        self.count(bytes.len());
        Ok(())
    }

    fn end(&mut self) -> std::io::Result<()> {
        self.flush()?;
        self.open = None;
        Ok(())
    }

    fn fault(&mut self, fault: ScanFault<std::io::Error>) -> Result<(), ScanFault<std::io::Error>> {
        let (field, what) = match fault {
            ScanFault::NotBase64(field) => {
                (field, ("is not base64 (standard alphabet, padded)", "不是 base64（标准字母表，含填充）"))
            }
            ScanFault::NotText(field) => (field, ("must be a string of base64", "应为 base64 字符串")),
            ScanFault::Twice(field) => (field, ("is given twice", "重复给出")),
            other => return Err(other),
        };
        self.faults.push((field, what));
        Ok(())
    }
}
