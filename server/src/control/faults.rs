//! Faults that are ordered, and taken back.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Control;
use super::answer::{ApiError, Given, Named, Refusal};
use crate::faults;

/// A fault to be committed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultOrder {
    /// Its word, such as `lose-answer`, `refuse=-68` or `push-cut`.
    fault: String,
    /// Only for orders of this token.
    tokenid: Option<String>,
    /// Only for orders with this orderNumber.
    number: Option<String>,
    /// How many times [default: 1]; 0: until it is taken back.
    times: Option<u32>,
}

/// A fault that is ordered.
#[derive(Serialize, ToSchema)]
pub struct OrderedFault {
    /// What takes it back.
    id: u64,
    /// Its word.
    fault: String,
    /// Only for orders of this token.
    tokenid: Option<String>,
    /// Only for orders with this orderNumber.
    number: Option<String>,
    /// How many times it is still committed; null: until it is taken back.
    left: Option<u32>,
}

/// Lists the faults that are still to be committed.
#[utoipa::path(get, operation_id = "listFaults", path = "/faults", responses((status = 200, body = Vec<OrderedFault>)))]
pub async fn list(State(control): State<Arc<Control>>) -> Json<Vec<OrderedFault>> {
    Json(control.faults.list().into_iter().map(OrderedFault::from).collect())
}

/// Orders a fault.
#[utoipa::path(post, operation_id = "orderFault", path = "/faults", request_body = FaultOrder,
    responses((status = 201, body = OrderedFault), (status = 400, body = ApiError), (status = 409, body = ApiError)))]
pub async fn order(
    State(control): State<Arc<Control>>,
    Given(wanted): Given<FaultOrder>,
) -> Result<(StatusCode, Json<OrderedFault>), Refusal> {
    let times = Some(wanted.times.unwrap_or(1)).filter(|times| *times > 0);
    let ordered = control.faults.order(&wanted.fault, wanted.tokenid, wanted.number, times)?;
    Ok((StatusCode::CREATED, Json(ordered.into())))
}

/// Takes all faults back.
#[utoipa::path(delete, operation_id = "clearFaults", path = "/faults", responses((status = 204)))]
pub async fn clear(State(control): State<Arc<Control>>) -> StatusCode {
    control.faults.take_back(None);
    StatusCode::NO_CONTENT
}

/// Takes a fault back.
#[utoipa::path(delete, operation_id = "takeFaultBack", path = "/faults/{id}", params(("id" = u64, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub async fn take_back(
    State(control): State<Arc<Control>>,
    Named(id): Named<u64>,
) -> Result<StatusCode, Refusal> {
    match control.faults.take_back(Some(id)) {
        0 => Err(Refusal::missing("no such fault", "没有该故障")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

impl From<faults::Ordered> for OrderedFault {
    fn from(ordered: faults::Ordered) -> OrderedFault {
        let faults::Ordered { id, word, token, number, left, .. } = ordered;
        OrderedFault { id, fault: word, tokenid: token, number, left }
    }
}
