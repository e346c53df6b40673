//! The journal, to be read, or as commands that push again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Control;
use super::answer::{ApiError, Asked, Named, Refusal};
use super::standing;
use crate::journal::{Entry, Kind, Message};
use crate::push;
use crate::store::pushes;

/// Which entries, and how.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// Only exchanges about this orderNumber or signid.
    number: Option<String>,
    /// Only `order` or `push`.
    kind: Option<Kind>,
    /// At most so many, the newest first [default: 100].
    limit: Option<usize>,
    /// `curl`: commands for a shell in place of JSON, one for each push, which repeats it. They take the callback's URL from `CALLBACK`,
    /// and this API's password, if it has one, from `CONTROL_PASSWORD`.
    format: Option<Format>,
}

/// How entries are written.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Commands for a shell.
    Curl,
}

/// An exchange, also in words.
#[derive(Serialize, ToSchema)]
pub struct Line {
    /// The exchange.
    #[serde(flatten)]
    entry: Entry,
    /// What happened, in one line.
    line: String,
    /// The same in Chinese.
    line_zh: String,
}

impl From<Entry> for Line {
    fn from(entry: Entry) -> Line {
        let said = standing::of_exchange(&entry);
        Line { entry, line: said.en.into_owned(), line_zh: said.zh.into_owned() }
    }
}

/// Lists what came in and what went out, the newest first.
#[utoipa::path(get, operation_id = "listJournal", path = "/journal", params(Which),
    responses((status = 200, body = Vec<Line>), (status = 400, body = ApiError)))]
pub async fn list(
    State(control): State<Arc<Control>>,
    Asked(which): Asked<Which>,
) -> Result<Response, Refusal> {
    let is_about = |entry: &Entry| which.number.as_ref().is_none_or(|number| entry.is_about(number));
    let is_kind = |entry: &Entry| which.kind.is_none_or(|kind| entry.kind == kind);
    let entries =
        control.journal.newest(|entry| is_about(entry) && is_kind(entry), which.limit.unwrap_or(100));
    if which.format != Some(Format::Curl) {
        let lines: Vec<Line> = entries.into_iter().map(Line::from).collect();
        return Ok(Json(lines).into_response());
    }
    let pushes = entries.iter().filter(|entry| entry.kind == Kind::Push);
    let commands: String = pushes.filter_map(|entry| command(&control.curl, entry)).collect();
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], commands).into_response())
}

/// What came of a push that was repeated.
#[derive(Serialize, ToSchema)]
pub struct Replay {
    /// Whether it was acknowledged.
    acknowledged: bool,
    /// The answer, if one came.
    answer: Option<Message>,
    /// Why it was not acknowledged.
    error: Option<String>,
}

/// Repeats a push once, beside the queue: whatever comes of it, the queue goes on as it would have.
#[utoipa::path(post, operation_id = "replayPush", path = "/journal/{id}/replay", params(("id" = u64, Path)),
    responses((status = 200, body = Replay), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub async fn replay(
    State(control): State<Arc<Control>>,
    Named(id): Named<u64>,
) -> Result<Json<Replay>, Refusal> {
    let entry = control.journal.newest(|entry| entry.id == id, 1).pop();
    let entry =
        entry.ok_or_else(|| Refusal::missing("no such entry in the journal", "往来记录中没有该条目"))?;
    let Some(signid) = entry.signid.filter(|_| entry.kind == Kind::Push) else {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "only pushes can be repeated: the journal keeps no order's documents",
            "只能重放推送：往来记录不保存订单的文档",
        ));
    };
    let due = control.store.run(move |db| pushes::to_repeat(db, &signid)).await?;
    let due = due
        .ok_or_else(|| Refusal::missing("no push or no callback URL any longer", "推送或回调地址已不存在"))?;
    let tried = push::repeat(&control.sender, &control.folder, &control.journal, &due).await;
    let (acknowledged, error) = (tried.result.is_ok(), tried.result.err());
    Ok(Json(Replay { acknowledged, answer: tried.answer, error }))
}

/// Returns a command that pushes once more. Its body is asked for here, since the document stands in no journal; what is secret, the
/// URL and the password, is in the environment of whoever runs it.
fn command(curl: &str, entry: &Entry) -> Option<String> {
    let signid = entry.signid.as_ref()?;
    Some(format!(
        "{curl}orders/{signid}/push | curl -sS -X POST -H 'Content-Type: application/json; charset=utf-8' \
         --data-binary @- \"$CALLBACK\"\n"
    ))
}
