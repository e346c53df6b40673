//! Waiting until an order has come so far.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use tokio::time::Instant;
use utoipa::{IntoParams, ToSchema};
use wosigndoc::protocol::Bilingual;

use super::Control;
use super::answer::{ApiError, Asked, Refusal};
use super::orders::Order;
use super::standing;
use crate::store::orders::{self, ListedOrder};

/// The pause between two looks. Changes that another process makes, as the command line does, are seen too.
pub const PAUSE: Duration = Duration::from_millis(20);
/// The longest time that anybody may wait, in seconds.
const MAX_TIMEOUT: f64 = 3600.0;

/// What is waited for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Awaited {
    /// orderNumber, or signid. The order need not be there yet.
    number: String,
    /// How far it has to be.
    until: Until,
    /// How long to wait at most, in seconds of the machine's clock [default: 30].
    timeout: Option<f64>,
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Until {
    /// The platform has taken it.
    Accepted,
    /// Everybody has signed.
    Signed,
    /// It has failed.
    Failed,
    /// The push has been tried, whatever came of it.
    Pushed,
    /// The push was acknowledged.
    Acknowledged,
    /// The push was given up.
    Undelivered,
}

/// Answers when the order has come so far; 408 with where it stands, and its journal, when it has not in time; 409 with the same when
/// it cannot any longer: it failed, or was signed.
#[utoipa::path(get, operation_id = "waitForOrder", path = "/wait", params(Awaited),
    responses((status = 200, body = Order), (status = 408, body = ApiError), (status = 409, body = ApiError), (status = 400, body = ApiError),
        (status = 503, body = ApiError)))]
pub async fn wait(
    State(control): State<Arc<Control>>,
    Asked(wanted): Asked<Awaited>,
) -> Result<Json<Order>, Refusal> {
    let end = end(wanted.timeout)?;
    let until = format!("{:?}", wanted.until).to_lowercase();
    loop {
        let number = wanted.number.clone();
        let found = control.store.run(move |db| orders::list(db, Some(&number), None, 1)).await?;
        let order = found.into_iter().next();
        match order {
            Some(order) if has_come(&order, wanted.until) => return Ok(Json(order.into())),
            Some(order) if cannot_come(&order, wanted.until) => {
                let number = &wanted.number;
                let what = Bilingual::new(
                    format!("{number} cannot become {until} any longer"),
                    format!("{number} 已不可能到达状态 {until}"),
                );
                return Err(standing::in_vain(&control, StatusCode::CONFLICT, &what, number, Some(order)));
            }
            _ if Instant::now() < end => tokio::time::sleep(PAUSE).await,
            order => {
                let number = &wanted.number;
                let what = Bilingual::new(
                    format!("{number} is not {until} in time"),
                    format!("{number} 未能及时到达状态 {until}"),
                );
                return Err(standing::in_vain(&control, StatusCode::REQUEST_TIMEOUT, &what, number, order));
            }
        }
    }
}

/// Returns when whoever gives this timeout has waited long enough.
pub fn end(timeout: Option<f64>) -> Result<Instant, Refusal> {
    let seconds = timeout.unwrap_or(30.0);
    if !(0.0..=MAX_TIMEOUT).contains(&seconds) {
        return Err(Refusal::bad(
            "timeout is a number of seconds from 0 to 3600",
            "timeout 应为 0 到 3600 之间的秒数",
        ));
    }
    Ok(Instant::now() + Duration::from_secs_f64(seconds))
}

fn cannot_come(order: &ListedOrder, until: Until) -> bool {
    (until == Until::Signed && order.state == "failed") || (until == Until::Failed && order.state == "signed")
}

fn has_come(order: &ListedOrder, until: Until) -> bool {
    let push = |state: &str| order.push.as_ref().is_some_and(|push| push.state == state);
    match until {
        Until::Accepted => true,
        Until::Signed => order.state == "signed",
        Until::Failed => order.state == "failed",
        Until::Pushed => order.push.as_ref().is_some_and(|push| push.tries > 0),
        Until::Acknowledged => push("acknowledged"),
        Until::Undelivered => push("undelivered"),
    }
}
