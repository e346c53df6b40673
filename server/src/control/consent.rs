//! Signers who are asked: they agree, or decline.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use wosigndoc::protocol::Code;

use super::Control;
use super::answer::{ApiError, Given, Named, Refusal, blocking};
use super::orders::{self, Order, OrderPath};
use crate::admin::questions;

/// Who agrees, or declines.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// The signer, counted from 1; absent: the one whose turn it is.
    signer: Option<usize>,
    /// The code that the order fails with when he declines; the protocol has none of its own for it [default: -79].
    code: Option<i32>,
}

/// Has the next signer of an order agree: the order waits for the others, or is signed now. Orders wait whose token or template is
/// `manual`.
#[utoipa::path(post, operation_id = "signOrder", path = "/orders/{signid}/sign", params(OrderPath),
    request_body = Option<Consent>, responses((status = 200, body = Order), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub async fn sign(
    State(control): State<Arc<Control>>,
    Named(OrderPath { signid }): Named<OrderPath>,
    Given(answer): Given<Consent>,
) -> Result<Json<Order>, Refusal> {
    if answer.code.is_some() {
        return Err(Refusal::bad("only a refusal has a code", "只有拒签才有 code"));
    }
    let found = orders::find(&control, &signid).await?.signid;
    let (store, id) = (control.store.clone(), found.clone());
    blocking(move || questions::agree(&store, &id, answer.signer)).await??;
    control.accepted.notify_one();
    orders::detailed(&control, &found).await.map(Json)
}

/// Has the next signer of an order decline: the order has failed, and that is pushed.
#[utoipa::path(post, operation_id = "declineOrder", path = "/orders/{signid}/decline", params(OrderPath),
    request_body = Option<Consent>, responses((status = 200, body = Order), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub async fn decline(
    State(control): State<Arc<Control>>,
    Named(OrderPath { signid }): Named<OrderPath>,
    Given(answer): Given<Consent>,
) -> Result<Json<Order>, Refusal> {
    let code = Code::from_number(answer.code.unwrap_or(Code::WrongParameter.number()).into());
    let code =
        code.ok_or_else(|| Refusal::bad("code is one of the protocol's", "code 应为协议中的错误码"))?;
    let found = orders::find(&control, &signid).await?.signid;
    let (store, id) = (control.store.clone(), found.clone());
    let decline = move || questions::decline(&store, &id, answer.signer, code);
    blocking(decline).await??;
    control.finished.notify_one();
    orders::detailed(&control, &found).await.map(Json)
}
