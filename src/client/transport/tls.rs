//! TLS 1.2 and 1.3 with the client's certificate. Verification of the endpoint cannot be turned off.

use std::sync::Arc;

use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, RootCertStore};

use crate::client::identity::Identity;
use crate::protocol::{Error, Reason, Result};

/// Makes the TLS settings of every connection. The provider is passed by hand: a process-wide one would be the
/// host's to choose.
pub(crate) fn client_config(identity: &Identity, roots: RootCertStore) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| Error::new(Reason::Defect).because(error))?
        .with_root_certificates(roots)
        .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity.certified())));
    Ok(config)
}
