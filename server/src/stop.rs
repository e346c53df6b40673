//! How the parts of the platform learn that it stops, and how long they have then.

use std::time::Duration;

use tokio::sync::watch;

/// The time that requests, signatures and pushes under way have at the end.
pub const GRACE: Duration = Duration::from_secs(10);

/// Returns once `stop` is true.
pub async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that whoever would say so is gone: that is the end too.
    let _ = stop.wait_for(|stop| *stop).await;
}
