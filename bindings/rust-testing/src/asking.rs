//! What a test asks of a sandbox, and what it waits for.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use serde_json::Value;
use wosigndoc::push::{Options as PushOptions, Sink, receive};

use crate::control::encoded;
use crate::{Pushed, SandboxError, State, WoSignDocSandbox};

/// The time that is waited for something at most, where none is given.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(10);

impl WoSignDocSandbox {
    /// Waits for the next push of an order to the inbox, at most 30 s. Each is returned once: a second call waits for a second push.
    /// Pushes that are not right are in [`WoSignDocSandbox::inbox`] alone.
    ///
    /// # Errors
    /// When none comes in time: with where the order stands, and its journal.
    pub fn await_push(&self, number: &str) -> Result<Pushed, SandboxError> {
        self.await_push_for(number, PATIENCE)
    }

    /// The same, with a time limit of one's own.
    ///
    /// # Errors
    /// As [`WoSignDocSandbox::await_push`].
    pub fn await_push_for(&self, number: &str, patience: Duration) -> Result<Pushed, SandboxError> {
        let end = Instant::now() + patience;
        loop {
            let inbox =
                self.control.call("GET", &format!("inbox?number={}", encoded(number)), &Value::Null)?;
            let ids = inbox.as_array().into_iter().flatten().filter_map(|letter| letter.get("id")?.as_u64());
            let mut returned = self.returned.lock().unwrap_or_else(PoisonError::into_inner);
            let new = ids.into_iter().find(|id| returned.insert(*id));
            drop(returned);
            if let Some(id) = new {
                let body = self.control.bytes("GET", &format!("inbox/{id}"), &Value::Null)?;
                let received = receive(&body, PushOptions::default(), Sink::Owned);
                let received = received.map_err(|error| SandboxError::new(error.to_string(), "推送有误"))?;
                return Ok(Pushed { received, body });
            }
            if Instant::now() >= end {
                return Err(self.late(number, "pushed to the inbox"));
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until an order has come so far, at most 30 s; returns it as `GET /orders/{signid}` describes it.
    ///
    /// # Errors
    /// When it has not in time: with where it stands, and its journal.
    pub fn await_state(&self, number: &str, state: State) -> Result<Value, SandboxError> {
        self.await_state_for(number, state, PATIENCE)
    }

    /// The same, with a time limit of one's own.
    ///
    /// # Errors
    /// As [`WoSignDocSandbox::await_state`].
    pub fn await_state_for(
        &self,
        number: &str,
        state: State,
        patience: Duration,
    ) -> Result<Value, SandboxError> {
        let (until, seconds) = (format!("{state:?}").to_lowercase(), patience.as_secs_f64());
        let path = format!("wait?number={}&until={until}&timeout={seconds}", encoded(number));
        self.control.call("GET", &path, &Value::Null).map_err(|error| match error.status {
            Some(408) => self.late(number, &until),
            _ => error,
        })
    }

    fn late(&self, number: &str, what: &str) -> SandboxError {
        let order =
            self.order(number).map_or("unknown to the platform".to_owned(), |order| order.to_string());
        let journal = self.journal(Some(number)).unwrap_or_default();
        let elsewhere = if self.told.callback == self.told.inbox {
            String::new()
        } else {
            format!("\nits callback is {}", self.told.callback)
        };
        SandboxError::new(
            format!("{number} was not {what} in time"),
            format!("{number} 未能及时达到：{what}"),
        )
        .with(format!("order: {order}{elsewhere}\njournal: {journal:#}"))
    }

    /// Lists all orders, the newest first, as `GET /orders` describes them.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub fn orders(&self) -> Result<Value, SandboxError> {
        self.control.call("GET", "orders?limit=1000", &Value::Null)
    }

    /// Returns an order, as `GET /orders/{signid}` describes it.
    ///
    /// # Errors
    /// When there is none of this number or signid.
    pub fn order(&self, number: &str) -> Result<Value, SandboxError> {
        self.control.call("GET", &format!("orders/{}", encoded(number)), &Value::Null)
    }

    /// Returns the signed document.
    ///
    /// # Errors
    /// When there is none (yet).
    pub fn document(&self, number: &str) -> Result<Vec<u8>, SandboxError> {
        self.control.bytes("GET", &format!("orders/{}/document", encoded(number)), &Value::Null)
    }

    /// Returns what came in and went out, the newest first, as `GET /journal` describes it.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub fn journal(&self, number: Option<&str>) -> Result<Value, SandboxError> {
        let which = number.map(|number| format!("&number={}", encoded(number))).unwrap_or_default();
        self.control.call("GET", &format!("journal?limit=1000{which}"), &Value::Null)
    }
}
