//! TLS 1.2 and 1.3 with the client's certificate. Verification of the endpoint cannot be turned off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, RootCertStore, SignatureScheme};

use crate::client::identity::Identity;
use crate::protocol::{Error, Reason, Result};

/// Makes the TLS settings of every connection. The provider is passed by hand: a process-wide one would be the
/// host's to choose. `asked` is set once a server asks for the client's certificate in a handshake.
pub(crate) fn client_config(
    identity: &Identity,
    roots: RootCertStore,
    asked: Arc<AtomicBool>,
) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| Error::new(Reason::Defect).because(error))?
        .with_root_certificates(roots)
        .with_client_cert_resolver(Arc::new(Shown { certificate: identity.certified(), asked }));
    Ok(config)
}

/// Shows the client's certificate to who asks.
#[derive(Debug)]
struct Shown {
    certificate: Arc<CertifiedKey>,
    asked: Arc<AtomicBool>,
}

impl ResolvesClientCert for Shown {
    fn resolve(&self, _issuers: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        Some(Arc::clone(&self.certificate))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Returns the same settings without the client's certificate: it is the platform's to see, and not a proxy's.
pub(super) fn without_identity(config: &ClientConfig) -> ClientConfig {
    let mut config = config.clone();
    config.client_auth_cert_resolver = Arc::new(Nobody);
    config.resumption = rustls::client::Resumption::disabled();
    config
}

/// Has no certificate to show.
#[derive(Debug)]
struct Nobody;

impl ResolvesClientCert for Nobody {
    fn resolve(&self, _issuers: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}
