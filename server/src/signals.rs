//! The signals that the platform obeys.

use std::io::{self, IsTerminal, stdin};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// A request that a signal makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// The platform stops, for this reason.
    Stop(&'static str),
    /// The platform looks at its certificates again.
    Reload,
}

/// The signals that have not come yet.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    in_terminal: bool,
}

impl Signals {
    /// Listens to signals from now on.
    pub fn new() -> io::Result<Signals> {
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            in_terminal: stdin().is_terminal(),
        })
    }

    /// Waits for the next signal.
    pub async fn next(&mut self) -> Request {
        tokio::select! {
            _ = self.interrupt.recv() => Request::Stop("interrupted"),
            _ = self.terminate.recv() => Request::Stop("terminated"),
            _ = self.hangup.recv() => match self.in_terminal && !stdin().is_terminal() {
                // The system says so when the terminal is closed: nobody would be there to stop it.
                true => Request::Stop("its terminal is closed"),
                false => Request::Reload,
            },
        }
    }
}
