//! The tries of one call: whether another may follow a failure, after which pause, and what is known in the end (P-23).

use std::time::{Duration, Instant};

use super::config::Retry;
use crate::protocol::{Error, Reason, Result};

/// Counts the tries of a call, within its time.
pub(super) struct Tries {
    retry: Retry,
    deadline: Instant,
    attempt: u32,
    pause: Duration,
    /// Whether the order may have arrived by one of them.
    arrived: bool,
}

impl Tries {
    /// Begins the first try of a call that has so much time.
    pub(super) fn new(retry: Retry, total: Duration) -> Tries {
        let deadline = Instant::now() + total;
        Tries { retry, deadline, attempt: 1, pause: Duration::ZERO, arrived: false }
    }

    /// Returns the moment when the call must have ended.
    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Returns the number of the try that is under way, from 1.
    pub(super) fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Counts a try that a host's HTTP client has made by itself after it had sent the whole order.
    pub(super) fn repeated(&mut self) {
        self.attempt += 1;
        self.arrived = true;
    }

    /// Says of an error that ends the call whether the order may have arrived by an earlier try.
    pub(super) fn ended(&self, error: Error) -> Error {
        if self.arrived { error.ambiguous() } else { error }
    }

    /// Takes the failure of a try, and returns the pause before the next.
    ///
    /// # Errors
    /// What the call fails with, when no other try may follow: it says whether the order may have arrived by any of them.
    pub(super) fn failed(&mut self, error: Error) -> Result<Duration> {
        self.arrived |= error.may_have_arrived();
        let late = Instant::now() >= self.deadline;
        if late && self.arrived {
            return Err(Error::new(Reason::CallTimeout).ambiguous());
        }
        if late || !self.arrived || !can_be_repeated(&error) || self.attempt >= self.retry.attempts {
            return Err(self.ended(error));
        }
        self.pause = if self.attempt == 1 { self.retry.pause } else { self.pause.saturating_mul(2) };
        self.attempt += 1;
        Ok(self.pause)
    }
}

/// Tells whether no answer came or, once an order may have arrived, no connection. A time limit that ran out leaves no
/// time for another try, and everything else is an answer or a mistake of the caller's.
fn can_be_repeated(error: &Error) -> bool {
    use Reason as R;
    match error.reason() {
        R::ConnectionLost | R::AnswerCut | R::ConnectFailed | R::NameNotFound | R::ConnectTimeout => true,
        R::ProxyUnreachable | R::ProxyRefused => error.entry().retry,
        _ => false,
    }
}
