//! A model callback, for tests that have none of their own: it keeps what is pushed, and answers as a right site does.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wosigndoc::protocol::push::ACKNOWLEDGEMENT;
use wosigndoc::push::{Options, Sink, receive};

use super::Control;
use super::answer::{ApiError, Asked, Given, MAX_READ, Named, Refusal, blocking, in_time};
use crate::clock;
use crate::folder::{self, Folder};

/// The path of the callback.
pub const PATH: &str = "/inbox";
/// The largest number of pushes that are kept; the oldest go first.
const MAX_KEPT: usize = 1000;
/// The longest body, in bytes: the library's own limit.
const MAX_BODY: usize = 256 * 1024 * 1024;

/// The longest answer in place of the right one, in bytes.
const MAX_ANSWER: usize = 65_536;
/// How much all that is kept may come to, in bytes; the oldest go first.
const MAX_BYTES: u64 = 1 << 30;

/// What was pushed to the callback.
#[derive(Default)]
pub struct Inbox {
    state: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<InboxEntry>,
    last_id: u64,
    instead: Option<InboxAnswer>,
}

/// A push that came in.
#[derive(Clone, Serialize, ToSchema)]
pub struct InboxEntry {
    /// Its number, counted from 1.
    id: u64,
    /// When it came.
    at: String,
    /// orderNumber, where it could be read.
    order_number: Option<String>,
    /// signid, where it could be read.
    signid: Option<String>,
    /// The length of its body in bytes.
    bytes: u64,
    /// Why it is not right, as the library says.
    error: Option<String>,
    /// The status that was answered.
    status: u16,
    /// The answer.
    answer: String,
    /// Whether `POST /inbox/next` has answered with it.
    #[serde(skip)]
    handed_out: bool,
}

/// An answer in place of the right one.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InboxAnswer {
    /// The status [default: 200].
    status: Option<u16>,
    /// The text of the answer [default: `0`].
    answer: Option<String>,
    /// For how many pushes [default: 1]; 0: until `DELETE /inbox` or `POST /reset`.
    times: Option<u32>,
}

/// Which pushes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// Only those of this orderNumber, or signid.
    number: Option<String>,
}

impl Inbox {
    /// Forgets everything.
    pub fn clear(&self, folder: &Folder) {
        let entries = std::mem::take(&mut self.kept().entries);
        self.kept().instead = None;
        for entry in entries {
            let _ = std::fs::remove_file(place(folder, entry.id));
        }
    }

    /// Hands out the oldest right push of this orderNumber, or signid, that was not yet.
    pub fn hand_out(&self, number: &str) -> Option<InboxEntry> {
        let mut kept = self.kept();
        let mut entries = kept.entries.iter_mut();
        let entry =
            entries.find(|entry| entry.error.is_none() && !entry.handed_out && entry.is_of(number))?;
        entry.handed_out = true;
        Some(entry.clone())
    }

    /// Returns the answer to the next push, where one was ordered.
    fn instead(&self) -> Option<(u16, String)> {
        let mut kept = self.kept();
        let ordered = kept.instead.clone()?;
        match ordered.times {
            Some(0) => {}
            Some(times) if times > 1 => {
                kept.instead = Some(InboxAnswer { times: Some(times - 1), ..ordered.clone() })
            }
            _ => kept.instead = None,
        }
        Some((ordered.status.unwrap_or(200), ordered.answer.unwrap_or_else(|| "0".to_owned())))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_id(&self) -> u64 {
        let mut kept = self.kept();
        kept.last_id += 1;
        kept.last_id
    }

    /// Keeps a push. Returns the numbers of those that go for it.
    fn keep(&self, entry: InboxEntry) -> Vec<u64> {
        let mut kept = self.kept();
        kept.entries.push_back(entry);
        let mut gone = Vec::new();
        let bytes = |kept: &Kept| kept.entries.iter().map(|entry| entry.bytes).sum::<u64>();
        while kept.entries.len() > MAX_KEPT || (kept.entries.len() > 1 && bytes(&kept) > MAX_BYTES) {
            gone.extend(kept.entries.pop_front().map(|oldest| oldest.id));
        }
        gone
    }
}

impl InboxEntry {
    /// Whether it is a push of this orderNumber, or signid.
    fn is_of(&self, number: &str) -> bool {
        [&self.order_number, &self.signid].into_iter().any(|name| name.as_deref() == Some(number))
    }
}

fn place(folder: &Folder, id: u64) -> PathBuf {
    folder.inbox().join(format!("{id}.json"))
}

/// Takes a push, as a site's callback does: `1` when it is right and kept.
#[utoipa::path(post, operation_id = "pushToInbox", path = "/inbox", request_body(content = Vec<u8>, content_type = "application/json"),
    responses((status = 200, content_type = "text/plain", body = String), (status = 400, content_type = "text/plain", body = String),
        (status = 408, body = ApiError)))]
pub async fn take(State(control): State<Arc<Control>>, body: Body) -> Result<Response, Refusal> {
    let body = in_time(MAX_READ, axum::body::to_bytes(body, MAX_BODY)).await?;
    let body = body.map_err(|problem| Refusal::bad(problem.to_string(), format!("请求体有误：{problem}")))?;
    let work = move || judge(&control, &body);
    let (status, answer) = blocking(work).await??;
    let status = StatusCode::from_u16(status).context("no status")?;
    Ok((status, [(header::CONTENT_TYPE, "text/plain")], answer).into_response())
}

fn judge(control: &Control, body: &[u8]) -> anyhow::Result<(u16, String)> {
    let received = receive(body, Options::default(), Sink::Owned);
    let right = match &received {
        Ok(_) => (200, ACKNOWLEDGEMENT.to_owned()),
        Err(_) => (400, "0".to_owned()),
    };
    let (status, answer) = control.inbox.instead().unwrap_or(right);
    let id = control.inbox.next_id();
    folder::write(&place(&control.folder, id), body).context("the inbox cannot keep a push")?;
    let (order_number, signid, error) = match received {
        Ok(received) => (received.ordernumber, received.signid, None),
        Err(error) => (None, None, Some(error.to_string())),
    };
    let bytes = body.len() as u64;
    let at = clock::shown(clock::now());
    let answered = answer.clone();
    let entry = InboxEntry {
        id,
        at,
        order_number,
        signid,
        bytes,
        error,
        status,
        answer: answered,
        handed_out: false,
    };
    for gone in control.inbox.keep(entry) {
        let _ = std::fs::remove_file(place(&control.folder, gone));
    }
    Ok((status, answer))
}

/// Lists what was pushed to the inbox, oldest first.
#[utoipa::path(get, operation_id = "listInbox", path = "/inbox", params(Which),
    responses((status = 200, body = Vec<InboxEntry>), (status = 400, body = ApiError)))]
pub async fn list(
    State(control): State<Arc<Control>>,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<InboxEntry>>, Refusal> {
    let entries: Vec<InboxEntry> = control.inbox.kept().entries.iter().cloned().collect();
    let is_meant = |entry: &InboxEntry| which.number.as_ref().is_none_or(|number| entry.is_of(number));
    Ok(Json(entries.into_iter().filter(is_meant).collect()))
}

/// Gives the body of a push, byte for byte as it came.
#[utoipa::path(get, operation_id = "showInboxEntry", path = "/inbox/{id}", params(("id" = u64, Path)),
    responses((status = 200, content_type = "application/json", body = Vec<u8>), (status = 404, body = ApiError)))]
pub async fn show(
    State(control): State<Arc<Control>>,
    Named(id): Named<u64>,
) -> Result<impl IntoResponse, Refusal> {
    let body = tokio::fs::read(place(&control.folder, id)).await;
    let body = body.map_err(|_| Refusal::missing("no such push in the inbox", "收件箱中没有该推送"))?;
    Ok(([(header::CONTENT_TYPE, "application/json; charset=utf-8")], Bytes::from(body)))
}

/// Orders what is answered in place of `1`: the site is down, or says no.
#[utoipa::path(patch, operation_id = "answerPushes", path = "/inbox", request_body = InboxAnswer,
    responses((status = 204), (status = 400, body = ApiError)))]
pub async fn answer(
    State(control): State<Arc<Control>>,
    Given(instead): Given<InboxAnswer>,
) -> Result<StatusCode, Refusal> {
    if instead.answer.as_ref().is_some_and(|answer| answer.len() > MAX_ANSWER) {
        return Err(Refusal::bad("answer is at most 65536 bytes long", "answer 最长 65536 字节"));
    }
    if !instead.status.is_none_or(|status| (200..600).contains(&status)) {
        return Err(Refusal::bad("status is a number from 200 to 599", "status 应为 200 到 599"));
    }
    control.inbox.kept().instead = Some(instead);
    Ok(StatusCode::NO_CONTENT)
}

/// Empties the inbox, and takes back what was to be answered.
#[utoipa::path(delete, operation_id = "clearInbox", path = "/inbox", responses((status = 204)))]
pub async fn clear(State(control): State<Arc<Control>>) -> Result<StatusCode, Refusal> {
    let work = move || control.inbox.clear(&control.folder);
    blocking(work).await?;
    Ok(StatusCode::NO_CONTENT)
}
