//! Sending: configuration, identity, TLS, and a signing order on its way to the platform.
//!
//! The calling thread drives the request itself; nothing here starts a thread that outlives a call, and a
//! [`Client`] may be used from many threads, and after a fork.

mod config;
#[cfg(test)]
mod config_tests;
mod dry_run;
mod identity;
mod order_settings;
mod preflight;
mod proxy;
mod report;
mod roots;
mod send;
mod settings;
mod shared;
mod transport;

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

pub use config::Config;
pub use dry_run::{order_validate, order_wire};
pub use identity::Identity;
pub use order_settings::OrderSettings;
pub use preflight::preflight;
pub use send::Created;
pub use settings::resolve;
pub use shared::shared;

use crate::protocol::fields::Findings;
use crate::protocol::{Result, SignOrder, Warning};
use transport::{Pool, client_config};

/// A configured sender of orders. Send + Sync; dropping it closes its connections, unless another process
/// opened them.
pub struct Client {
    config: Config,
    pool: Pool,
    about: String,
}

impl Client {
    /// Loads identity and roots, and checks everything that needs no network.
    ///
    /// # Errors
    /// The `identity_…` reasons, `roots_unreadable`, `file_unreadable`, `bad_option`.
    pub fn new(mut config: Config) -> Result<Client> {
        let identity = config.load_identity()?;
        config.forget_identity();
        let (roots, mut warnings) = roots::load(config.roots())?;
        warnings.extend(identity.warnings());
        let tls = client_config(&identity, roots)?;
        let pool = Pool::new(&config, &tls)?;
        let about = json!({
            "endpoint": config.endpoint().as_str(),
            "certificate": identity.facts().to_json(),
            "warnings": warnings.iter().map(Warning::to_json).collect::<Vec<_>>(),
        });
        Ok(Client { config, pool, about: about.to_string() })
    }

    /// Says what this client is: its endpoint, its certificate's public facts, and warnings.
    #[must_use]
    pub fn about(&self) -> Value {
        serde_json::from_str(&self.about).unwrap_or_default()
    }

    /// Returns the same as text, made once: hosts ask for it with every request.
    pub(crate) fn about_text(&self) -> &str {
        &self.about
    }

    /// Sends an order and waits for the platform's answer, on the calling thread. `timeout` replaces the
    /// configured time for the whole call.
    ///
    /// # Errors
    /// `invalid_order` with every violation; a platform error with the code of the refusal; transport, TLS,
    /// timeout and protocol errors, which say whether the order may have arrived.
    pub fn create(
        &self,
        order: &SignOrder,
        attachments: &[&[u8]],
        timeout: Option<Duration>,
    ) -> Result<Created> {
        send::create(&self.config, &self.pool, order, Findings::default(), attachments, timeout)
    }

    /// Sends an order that is JSON, as [`Client::create`] does.
    ///
    /// # Errors
    /// Those of [`Client::create`]; `bad_json`.
    pub fn create_json(
        &self,
        order: &[u8],
        attachments: &[&[u8]],
        timeout: Option<Duration>,
    ) -> Result<Created> {
        let (order, findings) = SignOrder::from_json(order)?;
        send::create(&self.config, &self.pool, &order, findings, attachments, timeout)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("config", &self.config)
            .field("about", &self.about)
            .finish_non_exhaustive()
    }
}
