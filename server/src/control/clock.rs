//! The platform's clock, moved: what falls due meanwhile happens in its order, each at its own moment.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::MutexGuard;
use tokio::time::Instant;
use utoipa::ToSchema;

use super::Control;
use super::answer::{ApiError, Given, Refusal, blocking};
use crate::clock;
use crate::store::{orders, pushes};

/// The pause between two looks at what is due.
const PAUSE: Duration = Duration::from_millis(5);
/// The longest time that the pushes of one moment are waited for: a receiver that does not answer holds the clock up.
const MAX_MOMENT: Duration = Duration::from_secs(60);
/// The longest time that a move may take altogether.
const MAX_MOVE: Duration = Duration::from_secs(600);
/// The longest time that a call waits for another one that moves the clock.
const MAX_TURN: Duration = Duration::from_secs(30);

/// The times that the clock may be moved to, in milliseconds since 1970: from the year 1980 to 9899, so that ten years more can be
/// written too.
const TIMES: Range<i64> = 315_532_800_000..250_246_627_200_000;

/// What the platform calls now.
#[derive(Serialize, ToSchema)]
pub struct Clock {
    /// The time by the platform's clock.
    now: String,
    /// How many milliseconds it is ahead of the machine's; behind: below 0.
    ahead_ms: i64,
    /// The time at which documents are to be judged: the next whole second, so that nothing is signed in the future; null: the clock
    /// was not moved, and they are judged as of the machine's time.
    judge_at: Option<String>,
}

/// How the clock is to be moved: one of the three.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockChange {
    /// Forward by so much: `90s`, `10m`, `72h`, `30d`. What falls due meanwhile happens, in its order.
    advance: Option<String>,
    /// To this time (RFC 3339). Forward it is as `advance`; backward nothing happens, and certificates that were made
    /// meanwhile stay good.
    set: Option<String>,
    /// Back to the machine's time.
    #[serde(default)]
    reset: bool,
}

/// Tells the time.
#[utoipa::path(get, operation_id = "showClock", path = "/clock", responses((status = 200, body = Clock)))]
pub async fn show() -> Json<Clock> {
    let (now, ahead_ms) = (clock::now(), clock::ahead());
    let next = now.div_euclid(1000).saturating_add(1).saturating_mul(1000);
    Json(Clock { now: clock::shown(now), ahead_ms, judge_at: (ahead_ms != 0).then(|| clock::shown(next)) })
}

/// Moves the clock; answers when everything that fell due has happened.
#[utoipa::path(post, operation_id = "moveClock", path = "/clock", request_body = ClockChange,
    responses((status = 200, body = Clock), (status = 400, body = ApiError), (status = 409, body = ApiError), (status = 504, body = ApiError)))]
pub async fn change(
    State(control): State<Arc<Control>>,
    Given(change): Given<ClockChange>,
) -> Result<Json<Clock>, Refusal> {
    let _moving = turn(&control).await?;
    match (change.advance, change.set, change.reset) {
        (Some(span), None, false) => {
            let span = read_span(&span).ok_or_else(|| {
                Refusal::bad(
                    "advance is a span such as 90s, 10m, 72h or 30d",
                    "advance 应为时长，例如 90s、10m、72h 或 30d",
                )
            })?;
            advance(&control, within(clock::now().saturating_add(span))?).await?;
        }
        (None, Some(time), false) => {
            let time = OffsetDateTime::parse(&time, &Rfc3339).map_err(|_| {
                Refusal::bad(
                    "set is a time such as 2027-01-31T08:00:00Z",
                    "set 应为时间，例如 2027-01-31T08:00:00Z",
                )
            })?;
            let time = within(i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX))?;
            if time > clock::now() {
                advance(&control, time).await?;
            } else {
                clock::set(time);
            }
        }
        (None, None, true) => clock::reset(),
        _ => {
            return Err(Refusal::bad(
                "give one of advance, set and reset",
                "请给出 advance、set、reset 之一",
            ));
        }
    }
    control.finished.notify_one();
    look(&control).await?;
    Ok(show().await)
}

/// Refuses a time that certificates or documents cannot name.
fn within(time: i64) -> Result<i64, Refusal> {
    let bad = || Refusal::bad("the clock goes from the year 1980 to 9899", "时钟的范围为 1980 年至 9899 年");
    Some(time).filter(|time| TIMES.contains(time)).ok_or_else(bad)
}

/// Has everything looked at that goes by the time alone: certificates to be renewed, files to be deleted.
async fn look(control: &Arc<Control>) -> Result<(), Refusal> {
    let control = Arc::clone(control);
    let work = move || {
        control.identity.reload();
        control.retention.sweep(&control.stop)
    };
    blocking(work).await??;
    Ok(())
}

/// Takes the turn of whoever moves the clock or forgets everything: one at a time.
pub async fn turn(control: &Control) -> Result<MutexGuard<'_, ()>, Refusal> {
    tokio::time::timeout(MAX_TURN, control.moving.lock()).await.map_err(|_| {
        Refusal::new(
            StatusCode::CONFLICT,
            "another call is moving the clock: try again when it has ended",
            "另一个请求正在拨动时钟：请在其结束后重试",
        )
    })
}

/// Moves on from push to push until this time.
async fn advance(control: &Control, target: i64) -> Result<(), Refusal> {
    let end = Instant::now() + MAX_MOVE;
    loop {
        settle(control).await?;
        if Instant::now() >= end {
            return Err(Refusal::new(
                StatusCode::GATEWAY_TIMEOUT,
                "what fell due on the way took ten minutes: the clock stands where it has come to; see /orders for a callback that hangs",
                "其间到期的推送已耗时十分钟：时钟停在当前位置；请在 /orders 中查看没有应答的回调",
            ));
        }
        let next = control.store.run(|db| pushes::next(db)).await?;
        match next.filter(|next| *next <= target) {
            Some(next) => clock::set(next.max(clock::now())),
            None => break clock::set(target.max(clock::now())),
        }
    }
    settle(control).await
}

/// Waits until what is due has been tried, and no try is under way.
pub async fn settle(control: &Control) -> Result<(), Refusal> {
    let end = Instant::now() + MAX_MOMENT;
    loop {
        control.finished.notify_one();
        let busy = |db: &mut rusqlite::Connection| {
            Ok(!pushes::due(db, 1, 1)?.is_empty() || !orders::to_sign(db, 1)?.is_empty())
        };
        if !control.store.run(busy).await? && control.sender.is_idle() {
            return Ok(());
        }
        wait(end).await?;
    }
}

async fn wait(end: Instant) -> Result<(), Refusal> {
    if Instant::now() >= end {
        return Err(Refusal::new(
            StatusCode::GATEWAY_TIMEOUT,
            "a signature or a push has not come to its end within a minute: see /orders; what was asked for stands still here",
            "签署或推送在一分钟内没有结束：参见 /orders；所请求的操作停在此处",
        ));
    }
    tokio::time::sleep(PAUSE).await;
    Ok(())
}

/// Reads a span in milliseconds.
fn read_span(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit: i64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    let number: i64 = number.parse().ok().filter(|number| *number >= 0)?;
    number.checked_mul(unit)?.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_spans() {
        for (text, span) in
            [("0s", 0), ("90s", 90_000), ("10m", 600_000), ("72h", 259_200_000), ("1d", 86_400_000)]
        {
            assert_eq!(read_span(text), Some(span), "{text}");
        }
        for text in ["", "s", "-1s", "1", "1w", "1.5h", "h1", "合h", "1合", "99999999999999999h"] {
            assert_eq!(read_span(text), None, "{text}");
        }
    }
}
