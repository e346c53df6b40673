//! What callbacks are asked with: a client that trusts these roots and shows this certificate.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Result, ensure};
use reqwest::{Client, redirect};
use rustls::ClientConfig;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use tracing::warn;
use wosigndoc::credentials::Purpose;

use super::call::STALL_TIMEOUT;
use crate::given;
use crate::settings::Settings;
use crate::tls;

/// The means of every try.
pub struct Sender {
    means: RwLock<Means>,
    files: CallbackFiles,
    http_callbacks: bool,
    under_way: AtomicUsize,
}

/// A try under way, until this ends.
pub struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What callbacks are asked with.
struct Means {
    client: Client,
    /// What is shown to those that ask for a certificate.
    shown: Option<Arc<CertifiedKey>>,
}

/// The files that settings name for callbacks.
struct CallbackFiles {
    ca: Option<PathBuf>,
    identity: Option<PathBuf>,
}

impl Sender {
    /// Makes a sender, with the certificates that the settings name.
    pub fn new(settings: &Settings) -> Result<Sender> {
        let files =
            CallbackFiles { ca: settings.callback_ca.clone(), identity: settings.callback_identity.clone() };
        let means = RwLock::new(files.read(None)?);
        let (http_callbacks, under_way) = (settings.http_callbacks, AtomicUsize::new(0));
        Ok(Sender { means, files, http_callbacks, under_way })
    }

    /// Reads the certificates anew, the system's too. Tries under way go on with those they began with; so do all where
    /// this fails.
    pub fn reload(&self) -> Result<()> {
        let means = self.files.read(self.shown())?;
        *self.means.write().unwrap_or_else(PoisonError::into_inner) = means;
        Ok(())
    }

    /// Returns the client, which makes a connection for each push.
    pub fn client(&self) -> Client {
        self.means.read().unwrap_or_else(PoisonError::into_inner).client.clone()
    }

    /// Returns a client that pushes over a connection that is there already, as other platforms may.
    pub fn keeping_client(&self) -> Result<Client> {
        client(&self.files, self.shown().as_ref(), 1)
    }

    /// Returns whether callbacks may be plain http elsewhere than on a loopback address (P-36).
    pub fn allows_http(&self) -> bool {
        self.http_callbacks
    }

    /// Counts a try as under way for as long as what is returned is kept.
    pub fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        UnderWay(&self.under_way)
    }

    /// Returns whether no try is under way. By their rows that cannot be told: they are due no longer once the clock is set back.
    pub fn is_idle(&self) -> bool {
        self.under_way.load(Ordering::SeqCst) == 0
    }

    fn shown(&self) -> Option<Arc<CertifiedKey>> {
        self.means.read().unwrap_or_else(PoisonError::into_inner).shown.clone()
    }
}

impl CallbackFiles {
    /// Reads them. A certificate that is out of its time keeps no platform from starting, since most callbacks ask for none;
    /// but it does not replace another, `shown`.
    fn read(&self, shown: Option<Arc<CertifiedKey>>) -> Result<Means> {
        let Some(path) = &self.identity else {
            return Ok(Means { client: client(self, None, 0)?, shown: None });
        };
        let given = given::pair(path, Purpose::Client)?;
        let certified = given.certified();
        if let Err(fault) = given.check_time() {
            let (file, fault) = (path.display(), fault.message().en);
            ensure!(shown.is_none_or(|shown| shown.cert == certified.cert), "{file}: {fault}");
            warn!(
                %file, %fault,
                "callbacks that ask for a certificate will refuse this one: replace the file, then reload (SIGHUP) or restart"
            );
        }
        Ok(Means { client: client(self, Some(&certified), 0)?, shown: Some(certified) })
    }
}

/// Returns a client that pushes: certificates verified, redirects not followed (P-34, P-36). It keeps so many connections to
/// a host: the queue none, since one kept from an earlier push may be dead by the next, and a streamed body is sent once.
fn client(files: &CallbackFiles, shown: Option<&Arc<CertifiedKey>>, kept: usize) -> Result<Client> {
    let roots = given::roots(files.ca.as_deref())?;
    let config = ClientConfig::builder_with_provider(tls::provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let config = match shown {
        None => config.with_no_client_auth(),
        Some(shown) => config.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(shown)))),
    };
    let client = Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .http1_only()
        .pool_max_idle_per_host(kept)
        .connect_timeout(STALL_TIMEOUT)
        .user_agent(concat!("wosigndoc-server/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(client)
}
