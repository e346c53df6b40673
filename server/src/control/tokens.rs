//! Tokens: who may order, how many times, and where documents are pushed to.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Control;
use super::answer::{Failure, Given, Refusal};
use crate::admin::questions;
use crate::store::tokens::{self, Token};

/// A token.
#[derive(Serialize, ToSchema)]
pub struct ShownToken {
    /// TokenID.
    tokenid: String,
    /// Who it belongs to.
    label: String,
    /// Whether its orders are taken (-67).
    enabled: bool,
    /// Orders that may still be placed (-68).
    balance: i64,
    /// Where documents are pushed to.
    callback: Option<String>,
}

/// What is to be changed of a token; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenChange {
    /// Whether its orders are taken.
    enabled: Option<bool>,
    /// Orders that may still be placed.
    balance: Option<i64>,
    /// Where documents are pushed to.
    callback: Option<String>,
}

/// Lists the tokens.
#[utoipa::path(get, path = "/tokens", responses((status = 200, body = Vec<ShownToken>)))]
pub async fn list(State(control): State<Arc<Control>>) -> Result<Json<Vec<ShownToken>>, Refusal> {
    let tokens = control.store.run(|db| tokens::all(db)).await?;
    Ok(Json(tokens.into_iter().map(ShownToken::from).collect()))
}

/// Changes a token.
#[utoipa::path(patch, path = "/tokens/{tokenid}", params(("tokenid" = String, Path)), request_body = TokenChange,
    responses((status = 200, body = ShownToken), (status = 400, body = Failure), (status = 404, body = Failure)))]
pub async fn change(
    State(control): State<Arc<Control>>,
    Path(id): Path<String>,
    Given(change): Given<TokenChange>,
) -> Result<Json<ShownToken>, Refusal> {
    let wanted = id.clone();
    if control.store.run(move |db| tokens::find(db, &wanted)).await?.is_none() {
        return Err(Refusal::missing("no such token", "没有该 TokenID"));
    }
    let (store, folder, wanted) = (control.store.clone(), control.folder.clone(), id.clone());
    let work = move || {
        questions::change(
            &folder,
            &store,
            &wanted,
            change.enabled,
            change.balance,
            change.callback.as_deref(),
        )
    };
    let done = tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?;
    done.map_err(|cause| Refusal::bad(format!("{cause:#}"), format!("无法更改：{cause:#}")))?;
    control.finished.notify_one();
    let token = control.store.run(move |db| tokens::find(db, &id)).await?;
    token.map(|token| Json(token.into())).ok_or_else(|| Refusal::missing("no such token", "没有该 TokenID"))
}

impl From<Token> for ShownToken {
    fn from(token: Token) -> ShownToken {
        let Token { id, label, enabled, balance, callback, .. } = token;
        ShownToken { tokenid: id, label, enabled, balance, callback }
    }
}
