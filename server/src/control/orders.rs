//! Orders, their documents and their pushes.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wosigndoc::protocol::Position;

use super::Control;
use super::answer::{ApiError, Asked, Named, Refusal, blocking};
use super::standing;
use super::templates::Seal;
use crate::admin::questions;
use crate::clock;
use crate::folder;
use crate::push;
use crate::store::orders::{self, ListedOrder};
use crate::store::pushes;

/// The largest number of orders in one answer.
const MAX_LISTED: usize = 1000;

/// An order, and where it stands.
#[derive(Serialize, ToSchema)]
pub struct Order {
    /// The platform's id of it.
    pub signid: String,
    /// The site's own number.
    pub order_number: String,
    /// TokenID.
    pub tokenid: String,
    /// `accepted`, `signed` or `failed`.
    pub state: String,
    /// When it was accepted.
    pub accepted_at: String,
    /// The code of a failed order.
    pub errorcode: Option<i32>,
    /// SHA-256 of the signed document.
    pub sha256: Option<String>,
    /// Its push, once it is signed or failed.
    pub push: Option<Push>,
    /// Who signs, and where; only when one order is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signers: Option<Vec<Signer>>,
    /// Where it stands, in one line.
    pub line: String,
    /// The same in Chinese.
    pub line_zh: String,
}

/// A push, and where it stands.
#[derive(Serialize, ToSchema)]
pub struct Push {
    /// `pending`, `acknowledged` or `undelivered`.
    pub state: String,
    /// Whether the token has a URL to push to.
    pub has_callback: bool,
    /// The number of tries so far.
    pub tries: u32,
    /// The time of the next try; only while it is pending.
    pub next_try: Option<String>,
    /// Why the last try was not acknowledged.
    pub last_error: Option<String>,
}

/// A signer of an order. Its number is left out.
#[derive(Serialize, ToSchema)]
pub struct Signer {
    /// 1 organisation, 2 person.
    #[serde(rename = "signType")]
    pub sign_type: i64,
    /// The name that signs.
    pub name: String,
    /// Where the seals go, as in an order.
    pub signlist: Vec<Seal>,
    /// Whether the order need not wait for him (any longer): `/sign` and `/decline` are for those that are asked.
    pub agreed: bool,
}

/// Which orders.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// Only orders with this orderNumber, or this signid.
    number: Option<String>,
    /// Only orders in this state: `accepted`, `signed` or `failed`.
    state: Option<String>,
    /// At most so many, the newest first [default: 100].
    limit: Option<usize>,
}

/// Which order.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OrderPath {
    /// signid, or orderNumber: then its newest order.
    pub signid: String,
}

/// Lists orders, the newest first.
#[utoipa::path(get, operation_id = "listOrders", path = "/orders", params(Which),
    responses((status = 200, body = Vec<Order>), (status = 400, body = ApiError)))]
pub async fn list(
    State(control): State<Arc<Control>>,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<Order>>, Refusal> {
    let limit = which.limit.unwrap_or(100).min(MAX_LISTED);
    if !which.state.as_deref().is_none_or(|state| ["accepted", "signed", "failed"].contains(&state)) {
        return Err(Refusal::bad(
            "state is accepted, signed or failed",
            "state 应为 accepted、signed 或 failed",
        ));
    }
    let Which { number, state, .. } = which;
    let found = control.store.run(move |db| orders::list(db, number.as_deref(), state.as_deref(), limit));
    Ok(Json(found.await?.into_iter().map(Order::from).collect()))
}

/// Shows an order: signers, seals, tries, and when it is pushed next.
#[utoipa::path(get, operation_id = "showOrder", path = "/orders/{signid}", params(OrderPath),
    responses((status = 200, body = Order), (status = 404, body = ApiError)))]
pub async fn show(
    State(control): State<Arc<Control>>,
    Named(OrderPath { signid }): Named<OrderPath>,
) -> Result<Json<Order>, Refusal> {
    detailed(&control, &signid).await.map(Json)
}

/// Returns the newest order with this signid or orderNumber, with its signers.
pub async fn detailed(control: &Control, name: &str) -> Result<Order, Refusal> {
    let listed = find(control, name).await?;
    let id = listed.signid.clone();
    let signers = control.store.run(move |db| orders::signers_of(db, &id)).await?;
    let mut order = Order::from(listed);
    order.signers = Some(signers.into_iter().map(Signer::from).collect());
    Ok(order)
}

/// Gives the signed document.
#[utoipa::path(get, operation_id = "getDocument", path = "/orders/{signid}/document", params(OrderPath),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub async fn document(
    State(control): State<Arc<Control>>,
    Named(OrderPath { signid }): Named<OrderPath>,
) -> Result<impl IntoResponse, Refusal> {
    let order = find(&control, &signid).await?;
    let path = control.folder.order(&order.signid).join(folder::SIGNED);
    let not_signed = || {
        Refusal::new(
            StatusCode::CONFLICT,
            format!("there is no signed document: the order is {}", order.state),
            format!("没有已签署的文档：订单状态为 {}", order.state),
        )
    };
    let bytes = tokio::fs::read(path).await.map_err(|_| not_signed())?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], bytes))
}

/// Gives the body of the push, byte for byte, for a program that pushes it itself.
#[utoipa::path(get, operation_id = "getPushBody", path = "/orders/{signid}/push", params(OrderPath),
    responses((status = 200, content_type = "application/json", body = Vec<u8>), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub async fn body(
    State(control): State<Arc<Control>>,
    Named(OrderPath { signid }): Named<OrderPath>,
) -> Result<impl IntoResponse, Refusal> {
    let order = find(&control, &signid).await?;
    if order.state == "accepted" {
        return Err(Refusal::new(StatusCode::CONFLICT, "the order is still being signed", "订单仍在签署中"));
    }
    let (id, folder) = (order.signid, control.folder.clone());
    let pushed = control.store.run(move |db| pushes::of_order(db, &id)).await?;
    let pushed = pushed.ok_or_else(|| Refusal::missing("no push", "没有推送"))?;
    let whole = blocking(move || push::whole_body(&folder, &pushed)).await??;
    Ok(([(header::CONTENT_TYPE, "application/json; charset=utf-8")], Bytes::from(whole)))
}

/// Pushes an order's document again, whatever became of it before.
#[utoipa::path(post, operation_id = "pushAgain", path = "/orders/{signid}/push-again", params(OrderPath),
    responses((status = 202, body = Order), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub async fn push_again(
    State(control): State<Arc<Control>>,
    Named(OrderPath { signid }): Named<OrderPath>,
) -> Result<(StatusCode, Json<Order>), Refusal> {
    let id = find(&control, &signid).await?.signid;
    let (store, order) = (control.store.clone(), id.clone());
    blocking(move || questions::push_again(&store, &order)).await??;
    control.finished.notify_one();
    Ok((StatusCode::ACCEPTED, Json(find(&control, &id).await?.into())))
}

/// Returns the newest order with this signid or orderNumber.
pub async fn find(control: &Control, name: &str) -> Result<ListedOrder, Refusal> {
    let wanted = name.to_owned();
    let found = control.store.run(move |db| orders::list(db, Some(&wanted), None, 1)).await?;
    found.into_iter().next().ok_or_else(|| Refusal::missing("no such order", "没有该订单"))
}

impl From<ListedOrder> for Order {
    fn from(listed: ListedOrder) -> Order {
        let said = standing::of_order(&listed).after(&listed.number, &listed.number);
        let push = listed.push.map(|push| Push {
            next_try: (push.state == "pending").then(|| clock::shown(push.next_try)),
            state: push.state,
            has_callback: push.has_callback,
            tries: push.tries,
            last_error: push.last_error,
        });
        Order {
            signid: listed.signid,
            order_number: listed.number,
            tokenid: listed.token,
            state: listed.state,
            accepted_at: clock::shown(listed.created),
            errorcode: listed.failure.map(|(code, _)| code),
            sha256: listed.sha256,
            push,
            signers: None,
            line: said.en.into_owned(),
            line_zh: said.zh.into_owned(),
        }
    }
}

impl From<orders::Signer> for Signer {
    fn from(signer: orders::Signer) -> Signer {
        let seal = |(pagenumber, place): (u32, Position)| Seal { pagenumber, position: place.to_string() };
        let signlist = signer.boxes.into_iter().map(seal).collect();
        Signer { sign_type: signer.sign_type, name: signer.name, signlist, agreed: signer.agreed }
    }
}
