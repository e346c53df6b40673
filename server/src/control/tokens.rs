//! Tokens: who may order, how many times, and where documents are pushed to.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Control;
use super::answer::{ApiError, Given, Named, Refusal, blocking};
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
    /// Whether its orders wait until each signer agrees.
    manual: bool,
}

/// A token to be added; its id is made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// The caller's certificate, or its public key alone (PEM).
    certificate: String,
    /// Who it belongs to.
    #[serde(default)]
    label: String,
    /// Orders that may be placed [default: 0].
    #[serde(default)]
    balance: i64,
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
    /// Whether its orders wait until each signer agrees: `POST /orders/{signid}/sign`.
    manual: Option<bool>,
}

/// Adds a token, bound to the public key of a certificate.
#[utoipa::path(post, operation_id = "addToken", path = "/tokens", request_body = NewToken,
    responses((status = 201, body = ShownToken), (status = 400, body = ApiError)))]
pub async fn add(
    State(control): State<Arc<Control>>,
    Given(new): Given<NewToken>,
) -> Result<(StatusCode, Json<ShownToken>), Refusal> {
    let store = control.store.clone();
    let NewToken { certificate, label, balance } = new;
    let add = move || questions::add_token(&store, certificate.as_bytes(), label, balance);
    let token = blocking(add).await??;
    Ok((StatusCode::CREATED, Json(token.into())))
}

/// Lists the tokens.
#[utoipa::path(get, operation_id = "listTokens", path = "/tokens", responses((status = 200, body = Vec<ShownToken>)))]
pub async fn list(State(control): State<Arc<Control>>) -> Result<Json<Vec<ShownToken>>, Refusal> {
    let tokens = control.store.run(|db| tokens::all(db)).await?;
    Ok(Json(tokens.into_iter().map(ShownToken::from).collect()))
}

/// Changes a token.
#[utoipa::path(patch, operation_id = "changeToken", path = "/tokens/{tokenid}", params(("tokenid" = String, Path)), request_body = TokenChange,
    responses((status = 200, body = ShownToken), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub async fn change(
    State(control): State<Arc<Control>>,
    Named(tokenid): Named<String>,
    Given(change): Given<TokenChange>,
) -> Result<Json<ShownToken>, Refusal> {
    let (store, http_callbacks) = (control.store.clone(), control.sender.allows_http());
    let TokenChange { enabled, balance, callback, manual } = change;
    let change = questions::TokenChange { certificate: None, enabled, balance, callback, manual };
    let token = blocking(move || questions::change_token(&store, &tokenid, change, http_callbacks)).await??;
    control.finished.notify_one();
    Ok(Json(token.into()))
}

impl From<Token> for ShownToken {
    fn from(token: Token) -> ShownToken {
        let Token { id, label, enabled, balance, callback, manual, .. } = token;
        ShownToken { tokenid: id, label, enabled, balance, callback, manual }
    }
}
