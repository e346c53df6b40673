//! What a test asks of a sandbox, and what it waits for.

use std::time::Duration;

use serde_json::{Value, json};
use wosigndoc::push::{Options as PushOptions, Received};

use crate::control::encoded;
use crate::{InboxEntry, JournalEntry, OrderState, SandboxError, SandboxOrder, WoSignDocSandbox};

/// The time that is waited for something at most, where none is given.
const PATIENCE: Duration = Duration::from_secs(30);

impl WoSignDocSandbox {
    /// Waits for the next push of an order to the inbox, at most 30 s, and receives it as a site does. Each is returned once: a second
    /// call waits for a second push. Pushes that are not right are in [`WoSignDocSandbox::inbox`] alone.
    ///
    /// # Errors
    /// When none comes in time, or none can since documents are pushed elsewhere or it was given up: with where the order stands,
    /// and its journal.
    pub fn await_push(&self, number: &str) -> Result<Received, SandboxError> {
        self.await_push_with(number, PATIENCE, PushOptions::default())
    }

    /// The same, with a time limit and the options of one's own endpoint.
    ///
    /// # Errors
    /// As [`WoSignDocSandbox::await_push`]; when the options refuse it, [`SandboxError::refused`] says why.
    pub fn await_push_with(
        &self,
        number: &str,
        timeout: Duration,
        options: PushOptions,
    ) -> Result<Received, SandboxError> {
        self.next(number, timeout)?.receive(options)
    }

    /// Waits as [`WoSignDocSandbox::await_push`] does, and returns the push byte for byte: what a test hands to its own callback.
    ///
    /// # Errors
    /// As [`WoSignDocSandbox::await_push`].
    pub fn await_body(&self, number: &str) -> Result<Vec<u8>, SandboxError> {
        self.await_body_for(number, PATIENCE)
    }

    /// The same, with a time limit of one's own.
    ///
    /// # Errors
    /// As [`WoSignDocSandbox::await_push`].
    pub fn await_body_for(&self, number: &str, timeout: Duration) -> Result<Vec<u8>, SandboxError> {
        self.next(number, timeout)?.body()
    }

    fn next(&self, number: &str, timeout: Duration) -> Result<InboxEntry, SandboxError> {
        let wanted = json!({"number": number, "timeout": timeout.as_secs_f64()});
        Ok(InboxEntry::read(&self.control.wait("POST", "inbox/next", &wanted)?, &self.control))
    }

    /// Waits until an order has come so far, at most 30 s.
    ///
    /// # Errors
    /// When it has not in time, or cannot any longer: with where it stands, and its journal.
    pub fn await_state(&self, number: &str, state: OrderState) -> Result<SandboxOrder, SandboxError> {
        self.await_state_for(number, state, PATIENCE)
    }

    /// The same, with a time limit of one's own.
    ///
    /// # Errors
    /// As [`WoSignDocSandbox::await_state`].
    pub fn await_state_for(
        &self,
        number: &str,
        state: OrderState,
        timeout: Duration,
    ) -> Result<SandboxOrder, SandboxError> {
        let (number, until, seconds) = (encoded(number), state.word(), timeout.as_secs_f64());
        let path = format!("wait?number={number}&until={until}&timeout={seconds}");
        Ok(SandboxOrder::read(&self.control.wait("GET", &path, &Value::Null)?))
    }

    /// Lists what was pushed to the inbox, the oldest first: all, also what is not right; with a number the right pushes of that
    /// order.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub fn inbox(&self, number: Option<&str>) -> Result<Vec<InboxEntry>, SandboxError> {
        let which = number.map(|number| format!("?number={}", encoded(number))).unwrap_or_default();
        let listed = self.control.call("GET", &format!("inbox{which}"), &Value::Null)?;
        Ok(listed
            .as_array()
            .into_iter()
            .flatten()
            .map(|entry| InboxEntry::read(entry, &self.control))
            .collect())
    }

    /// Lists all orders, the newest first.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub fn orders(&self) -> Result<Vec<SandboxOrder>, SandboxError> {
        let listed = self.control.call("GET", "orders?limit=1000", &Value::Null)?;
        Ok(listed.as_array().into_iter().flatten().map(SandboxOrder::read).collect())
    }

    /// Returns an order.
    ///
    /// # Errors
    /// When there is none of this number or signid.
    pub fn order(&self, number: &str) -> Result<SandboxOrder, SandboxError> {
        let path = format!("orders/{}", encoded(number));
        Ok(SandboxOrder::read(&self.control.call("GET", &path, &Value::Null)?))
    }

    /// Returns the signed document.
    ///
    /// # Errors
    /// When there is none (yet).
    pub fn document(&self, number: &str) -> Result<Vec<u8>, SandboxError> {
        self.control.bytes("GET", &format!("orders/{}/document", encoded(number)), &Value::Null)
    }

    /// Lists what came in and went out, the oldest first: all, or what is about one order.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub fn journal(&self, number: Option<&str>) -> Result<Vec<JournalEntry>, SandboxError> {
        let which = number.map(|number| format!("&number={}", encoded(number))).unwrap_or_default();
        let listed = self.control.call("GET", &format!("journal?limit=1000{which}"), &Value::Null)?;
        Ok(listed.as_array().into_iter().flatten().rev().map(JournalEntry::read).collect())
    }
}
