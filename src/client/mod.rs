//! Sending: configuration, identity, TLS, and a signing order on its way to the platform.
//!
//! The calling thread drives the request itself; nothing here starts a thread that outlives a call, and a
//! [`Client`] may be used from many threads, and after a fork.

mod config;
#[cfg(test)]
mod config_tests;
mod dry_run;
mod hosted;
mod identity;
mod masked;
mod order_settings;
mod preflight;
mod proxy;
mod report;
mod roots;
mod send;
mod settings;
mod shared;
mod transport;
mod tries;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

pub use config::Config;
pub use dry_run::{order_validate, order_wire};
pub(crate) use hosted::{HostedOrder, check_hosted};
pub use identity::Identity;
pub use order_settings::OrderSettings;
pub(crate) use preflight::preflight_hosted;
pub use preflight::{PreflightOptions, preflight, preflight_with};
pub use send::{CreateOptions, Created};
pub use settings::resolve;
pub use shared::shared;

use crate::protocol::fields::Findings;
use crate::protocol::{Result, SignOrder, Warning};
use transport::Pool;

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
        let pool = Pool::new(&config, &identity, roots, Arc::default())?;
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

    /// Makes a client of a configuration file, as `wosigndoc-server dev` writes one. Paths in it are relative to it.
    ///
    /// # Errors
    /// Those of [`Config::from_file`] and [`Client::new`].
    ///
    /// ```no_run
    /// let client = wosigndoc::Client::from_file("client.json")?;
    /// # Ok::<(), wosigndoc::Error>(())
    /// ```
    pub fn from_file(path: impl AsRef<Path>) -> Result<Client> {
        Client::new(Config::from_file(path)?)
    }

    /// Makes a client of this process's variables, `WOSIGNDOC_ENDPOINT` and the others of
    /// `docs/configuration.md`. Only this function and [`Config::from_environment`] read them.
    ///
    /// # Errors
    /// Those of [`Config::from_environment`] and [`Client::new`].
    ///
    /// ```no_run
    /// let client = wosigndoc::Client::from_environment()?;
    /// # Ok::<(), wosigndoc::Error>(())
    /// ```
    pub fn from_environment() -> Result<Client> {
        Client::new(Config::from_environment()?)
    }

    /// Sends an order and waits for the platform's answer, on the calling thread. An asynchronous program calls it
    /// where it may block.
    ///
    /// # Errors
    /// `invalid_order` with every violation; a platform error with the code of the refusal; transport, TLS,
    /// timeout and protocol errors, which say whether the order may have arrived.
    ///
    /// ```no_run
    /// use wosigndoc::{Client, SignOrder, Signer, DocumentSource};
    ///
    /// let client = Client::from_file("client.json")?;
    /// let scan = DocumentSource::Path("licence.png".into());
    /// let order = SignOrder::new("A-1").document(DocumentSource::Path("contract.pdf".into()), "pdf").signer(
    ///     Signer::organisation("云杉软件（示例）有限公司", "91350100M000100Y43")
    ///         .materials(scan.clone(), scan)
    ///         .sign_at(1, 0.62, 0.32, 0.82, 0.46),
    /// );
    /// let created = client.create(&order)?;
    /// println!("{} is accepted as {:?}", created.order_number, created.signid);
    /// # Ok::<(), wosigndoc::Error>(())
    /// ```
    pub fn create(&self, order: &SignOrder) -> Result<Created> {
        self.create_with(order, &CreateOptions::default())
    }

    /// Does the same as [`Client::create`], with attachments or a time limit of its own.
    ///
    /// # Errors
    /// Those of [`Client::create`]; `attachment_missing`.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use wosigndoc::client::CreateOptions;
    /// use wosigndoc::{Client, SignOrder, DocumentSource};
    ///
    /// # let client = Client::from_file("client.json")?;
    /// let contract = b"%PDF-1.7";
    /// let order = SignOrder::new("A-2").template("T-1").document(DocumentSource::Attachment(0), "pdf");
    /// let options = CreateOptions { attachments: &[contract], timeout: Some(Duration::from_secs(20)) };
    /// client.create_with(&order, &options)?;
    /// # Ok::<(), wosigndoc::Error>(())
    /// ```
    pub fn create_with(&self, order: &SignOrder, options: &CreateOptions<'_>) -> Result<Created> {
        send::create(&self.config, &self.pool, order, Findings::default(), options)
    }

    /// Sends an order that is JSON, as [`Client::create_with`] does.
    ///
    /// # Errors
    /// Those of [`Client::create_with`]; `bad_json`.
    pub fn create_json(&self, order: &[u8], options: &CreateOptions<'_>) -> Result<Created> {
        let (order, findings) = SignOrder::from_json(order)?;
        send::create(&self.config, &self.pool, &order, findings, options)
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
