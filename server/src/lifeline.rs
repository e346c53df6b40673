//! Notices the end of whoever started this process: the pipe to its standard input ends then, also where it was killed.

use std::io::{self, Read};

use tokio::sync::oneshot;

/// Ends with the standard input.
pub struct Lifeline(oneshot::Receiver<()>);

impl Lifeline {
    /// Reads the standard input from now on. What is written there is ignored.
    pub fn standard_input() -> Lifeline {
        let (ended, end) = oneshot::channel();
        // A thread of its own: no runtime waits for it.
        std::thread::spawn(move || {
            let mut stdin = io::stdin().lock();
            let mut ignored = [0; 256];
            while !matches!(stdin.read(&mut ignored), Ok(0) | Err(_)) {}
            drop(ended);
        });
        Lifeline(end)
    }
}

/// Waits for the end of a lifeline; for ever where there is none.
pub async fn ended(lifeline: &mut Option<Lifeline>) {
    match lifeline {
        // The sender is only ever dropped.
        Some(Lifeline(end)) => drop(end.await),
        None => std::future::pending().await,
    }
}
