//! The journal, to be read, or as commands that push again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Control;
use super::answer::{Asked, Refusal};
use crate::journal::{Entry, Kind};

/// Which entries, and how.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// Only exchanges about this orderNumber or signid.
    number: Option<String>,
    /// Only `order` or `push`.
    kind: Option<Kind>,
    /// At most so many, the newest first [default: 100].
    limit: Option<usize>,
    /// `curl`: commands for a shell in place of JSON, one for each push, which repeats it.
    format: Option<Format>,
}

/// How entries are written.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Commands for a shell.
    Curl,
}

/// Lists what came in and what went out, the newest first.
#[utoipa::path(get, path = "/journal", params(Which), responses((status = 200, body = Vec<Entry>)))]
pub async fn list(
    State(control): State<Arc<Control>>,
    head: HeaderMap,
    Asked(which): Asked<Which>,
) -> Result<Response, Refusal> {
    let is_about = |entry: &Entry| {
        let named = [&entry.order_number, &entry.signid];
        which.number.is_none() || named.into_iter().any(|name| *name == which.number)
    };
    let is_kind = |entry: &Entry| which.kind.is_none_or(|kind| entry.kind == kind);
    let entries =
        control.journal.newest(|entry| is_about(entry) && is_kind(entry), which.limit.unwrap_or(100));
    if which.format != Some(Format::Curl) {
        return Ok(Json(entries).into_response());
    }
    let here = head.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let pushes = entries.iter().filter(|entry| entry.kind == Kind::Push);
    let commands: String = pushes.filter_map(|entry| command(here, entry)).collect();
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], commands).into_response())
}

/// Returns a command that pushes once more. Its body is asked for here, since the document stands in no journal; the URL, which may
/// hold a secret, is asked for of whoever runs it.
fn command(here: &str, entry: &Entry) -> Option<String> {
    let signid = entry.signid.as_ref()?;
    Some(format!(
        "curl -sS http://{here}/orders/{signid}/push | curl -sS -X POST -H 'Content-Type: application/json; charset=utf-8' \
         --data-binary @- \"$CALLBACK\"\n"
    ))
}
