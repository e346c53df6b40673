//! One request to a callback, and what came of it: the queue and `certify-callback` ask and judge by this.

use std::error::Error as _;
use std::time::Duration;

use axum::http::HeaderMap;
use reqwest::RequestBuilder;
use wosigndoc::protocol::Bilingual;
use wosigndoc::protocol::answer::printable;
use wosigndoc::protocol::push;

use super::body::Progress;

/// The longest time in which no byte of a try moves, either way (P-34); what lies in buffers may be moving.
pub const STALL_TIMEOUT: Duration = Duration::from_secs(15);
/// The longest time that a try may take, however slowly its bytes move.
pub const MAX_DURATION: Duration = Duration::from_secs(3600);
/// The largest part of an answer that is judged and shown, in bytes. One is enough.
pub const MAX_ANSWER: usize = 64;

/// What came of a request.
#[derive(Debug, Default)]
pub struct Called {
    /// The answer, if its head came.
    pub answer: Option<Answer>,
    /// Why it did not come whole.
    pub failure: Option<Failure>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its head.
    pub headers: HeaderMap,
    /// The length of its body, where that is known.
    pub length: Option<u64>,
    /// Its body, as far as it was read.
    pub start: Vec<u8>,
    /// How long it was waited for after the request had gone out.
    pub waited: Duration,
}

/// Why no whole answer came.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection was made.
    Unreachable(String),
    /// The connection broke, or what came is no HTTP.
    Broken(String),
    /// Nothing moved for so long.
    Stalled(Duration),
    /// It moved, and too slowly.
    TooLong,
}

impl Failure {
    /// Says it.
    pub fn words(&self) -> Bilingual {
        match self {
            Failure::Unreachable(cause) | Failure::Broken(cause) => Bilingual::same(cause),
            Failure::Stalled(idle) => {
                let seconds = idle.as_secs();
                Bilingual::new(
                    format!("no byte moved for {seconds} s"),
                    format!("{seconds} 秒内没有任何数据收发"),
                )
            }
            Failure::TooLong => Bilingual::fixed("it took too long altogether", "总耗时过长"),
        }
    }
}

impl Called {
    /// Judges whether the push is acknowledged (P-30).
    ///
    /// # Errors
    /// Words that say why not.
    pub fn judge(&self) -> Result<(), Bilingual> {
        let answer = match (&self.failure, &self.answer) {
            (Some(failure), _) => return Err(failure.words()),
            (None, None) => return Err(Bilingual::fixed("nothing was answered", "没有应答")),
            (None, Some(answer)) => answer,
        };
        let start = answer.start.get(..MAX_ANSWER).unwrap_or(&answer.start);
        push::acknowledged(answer.status, start).map_err(|why| {
            let nothing = Bilingual::fixed("nothing", "（无内容）");
            let shown = if start.is_empty() { nothing } else { Bilingual::same(printable(start)) };
            let redirect = if (300..400).contains(&answer.status) {
                Bilingual::fixed("; redirects are not followed", "；不跟随重定向")
            } else {
                Bilingual::default()
            };
            Bilingual::new(
                format!("{}{}: {}", why.en, redirect.en, shown.en),
                format!("{}{}：{}", why.zh, redirect.zh, shown.zh),
            )
        })
    }
}

/// Sends a request whose body notes its progress, and reads the answer up to so many bytes of its body; all of it takes `limit` at
/// most.
pub async fn call(request: RequestBuilder, progress: &Progress, most: usize, limit: Duration) -> Called {
    let mut called = Called::default();
    let exchange = exchange(request, progress, most.max(MAX_ANSWER), &mut called.answer);
    let failure = tokio::select! {
        done = exchange => done.err(),
        idle = progress.stalled(STALL_TIMEOUT) => Some(Failure::Stalled(idle)),
        () = tokio::time::sleep(limit) => Some(Failure::TooLong),
    };
    called.failure = failure;
    called
}

async fn exchange(
    request: RequestBuilder,
    progress: &Progress,
    most: usize,
    answer: &mut Option<Answer>,
) -> Result<(), Failure> {
    let mut response = request.send().await.map_err(failure)?;
    let waited = progress.idle();
    progress.answered();
    let answer = answer.insert(Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        length: response.content_length(),
        start: Vec::new(),
        waited,
    });
    while answer.start.len() <= most {
        match response.chunk().await.map_err(failure)? {
            Some(piece) => answer.start.extend_from_slice(&piece),
            None => break,
        }
        progress.moved();
    }
    answer.start.truncate(most);
    Ok(())
}

fn failure(error: reqwest::Error) -> Failure {
    if error.is_connect() { Failure::Unreachable(describe(error)) } else { Failure::Broken(describe(error)) }
}

/// Returns the whole chain of causes; the URL, which may hold a secret, is left out.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
