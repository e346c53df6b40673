//! What the platform calls now: the system's time, moved where a test asks for it.
//!
//! Everything that lasts (the pause before a push's next try, how long documents are kept, certificates, signing times) goes
//! by this clock. What waits for bytes of a connection goes by the machine's own.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How far the platform's time is ahead of the system's, in milliseconds. One process is one platform, so its clock is the
/// process's.
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// Returns the time in milliseconds since 1970.
pub fn now() -> i64 {
    system().saturating_add(ahead())
}

/// Returns a time in milliseconds since 1970 as it is shown (RFC 3339).
pub fn shown(time: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(time).saturating_mul(1_000_000));
    time.ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

/// Returns the time as a date.
pub fn utc() -> OffsetDateTime {
    let time = i128::from(now()).saturating_mul(1_000_000);
    // Beyond what a date can say, the system's own.
    OffsetDateTime::from_unix_timestamp_nanos(time).unwrap_or_else(|_| OffsetDateTime::now_utc())
}

/// Returns how far it is ahead of the system's time, in milliseconds; behind: below 0.
pub fn ahead() -> i64 {
    AHEAD.load(Ordering::Relaxed)
}

/// Moves the clock to this time, in milliseconds since 1970; it goes on from there.
pub fn set(time: i64) {
    AHEAD.store(time.saturating_sub(system()), Ordering::Relaxed);
}

/// Lets it be the system's time again.
pub fn reset() {
    AHEAD.store(0, Ordering::Relaxed);
}

fn system() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
