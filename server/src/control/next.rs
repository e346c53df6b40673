//! The pushes of the inbox, handed out one after the other, each once.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use tokio::time::Instant;
use utoipa::ToSchema;
use wosigndoc::protocol::Bilingual;

use super::Control;
use super::answer::{ApiError, Given, Refusal};
use super::inbox::InboxEntry;
use super::{guard, inbox, standing, wait};
use crate::store::orders::{self, ListedOrder};
use crate::store::tokens;

/// Which push is waited for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// orderNumber, or signid. The order need not be there yet.
    number: String,
    /// How long to wait at most, in seconds of the machine's clock [default: 30].
    timeout: Option<f64>,
}

/// Hands out the oldest right push of an order that was not handed out yet; waits for it. 408 with where the order stands, and its
/// journal, when none came in time; 409 when none comes any longer: documents are pushed elsewhere, or the push was given up.
#[utoipa::path(post, operation_id = "nextPush", path = "/inbox/next", request_body = Wanted,
    responses((status = 200, body = InboxEntry), (status = 408, body = ApiError), (status = 409, body = ApiError), (status = 400, body = ApiError),
        (status = 503, body = ApiError)))]
pub async fn next(
    State(control): State<Arc<Control>>,
    Given(Wanted { number, timeout }): Given<Wanted>,
) -> Result<Json<InboxEntry>, Refusal> {
    let end = wait::end(timeout)?;
    loop {
        // Before the look into the inbox: what was pushed until here is in there.
        let (order, callbacks) = standing(&control, &number).await?;
        if let Some(entry) = control.inbox.hand_out(&number) {
            return Ok(Json(entry));
        }
        let (status, what) = match obstacle(&control, &number, order.as_ref(), &callbacks) {
            Some(why) => (StatusCode::CONFLICT, why),
            None if Instant::now() < end => {
                tokio::time::sleep(wait::PAUSE).await;
                continue;
            }
            None => (
                StatusCode::REQUEST_TIMEOUT,
                Bilingual::new(
                    format!("no push of {number} that was not handed out has come into the inbox in time"),
                    format!("{number} 没有尚未取出的推送及时到达收件箱"),
                ),
            ),
        };
        return Err(standing::in_vain(&control, status, &what, &number, order));
    }
}

/// Returns the order, and where its documents may be pushed to: where there is no order yet, that may be of any token.
async fn standing(control: &Control, number: &str) -> Result<(Option<ListedOrder>, Vec<String>), Refusal> {
    let number = number.to_owned();
    let look = move |db: &mut rusqlite::Connection| {
        let order = orders::list(db, Some(&number), None, 1)?.pop();
        let mut tokens = tokens::all(db)?;
        tokens.retain(|token| order.as_ref().is_none_or(|order| order.token == token.id));
        Ok((order, tokens.into_iter().filter_map(|token| token.callback).collect()))
    };
    Ok(control.store.run(look).await?)
}

/// Says why no further push comes by itself. The callback is not named: a URL may hold a secret.
fn obstacle(
    control: &Control,
    number: &str,
    order: Option<&ListedOrder>,
    callbacks: &[String],
) -> Option<Bilingual> {
    let none = |why: &str, why_zh: &str| {
        Some(Bilingual::new(
            format!("no push of {number} comes into the inbox any longer, {why}"),
            format!("{number} 不会再有推送到达收件箱，{why_zh}"),
        ))
    };
    if callbacks.is_empty() {
        return none(
            "since its token has no callback URL: give it one by PATCH /tokens/ID",
            "因为其 TokenID 没有回调地址：请通过 PATCH /tokens/ID 设置",
        );
    }
    if !callbacks.iter().any(|url| control.inbox_is_at(url)) {
        return none(
            "since documents are pushed to another callback: ask the receiver there, or wait for the state acknowledged",
            "因为文档推送到其他回调地址：请查看该接收端，或等待状态 acknowledged",
        );
    }
    order?.push.as_ref().filter(|push| push.state == "undelivered").and_then(|_| {
        none(
            "since it was given up: push it again, or wait for it before the clock is moved",
            "因为推送已被放弃：请再次推送，或在拨动时钟之前等待",
        )
    })
}

impl Control {
    /// Whether this is a URL of the inbox.
    fn inbox_is_at(&self, url: &str) -> bool {
        let rest = url.strip_prefix("http://").unwrap_or_default();
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        path == inbox::PATH && self.address.is_some_and(|address| guard::is_ours(host, address))
    }
}
