//! What becomes of a test that this machine cannot run.

use std::io::Write;

/// Says that something is not tested here, and why, so that `scripts/test` counts it. CI does not bear it.
///
/// # Panics
/// In CI.
#[track_caller]
pub fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}; CI needs it");
    // Not through eprintln!, which the test harness keeps to itself.
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
