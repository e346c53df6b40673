//! TLS of the platform: any client certificate is let in, or none; the order's token decides (P-3).

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Result;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig,
    ServerConnection, SignatureScheme,
};
use time::OffsetDateTime;
use webpki::RawPublicKeyEntity;

use crate::pki;

/// The other end of a connection: its certificate, if it showed one.
#[derive(Clone, Debug)]
pub struct Peer(pub Option<ShownByPeer>);

/// What is judged of a caller's certificate.
#[derive(Clone, Debug)]
pub struct ShownByPeer {
    /// The SHA-256 of its public key (SPKI) in hex.
    pub spki: String,
    /// The end of its validity.
    pub not_after: OffsetDateTime,
}

impl Peer {
    /// Returns the peer of an established connection.
    pub fn of(connection: &ServerConnection) -> Peer {
        let read = |certificate: &CertificateDer<'_>| {
            let not_after = pki::validity(certificate)?.not_after;
            Some(ShownByPeer { spki: pki::spki(certificate)?, not_after })
        };
        Peer(connection.peer_certificates().and_then(|chain| read(chain.first()?)))
    }
}

/// Returns the provider for everything; none is installed for the whole process.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Returns what a client is made with that uses no TLS.
pub fn trusting_nobody() -> Result<ClientConfig, rustls::Error> {
    let config = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

/// The certificate that new connections are shown. It is replaced while the listener runs; connections keep what they
/// began with.
#[derive(Debug)]
pub struct ShownCertificate(RwLock<Arc<CertifiedKey>>);

impl ShownCertificate {
    /// Shows this certificate from the start.
    pub fn new(key: Arc<CertifiedKey>) -> ShownCertificate {
        ShownCertificate(RwLock::new(key))
    }

    /// Returns the present certificate.
    pub fn get(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows another certificate from now on.
    pub fn replace(&self, key: Arc<CertifiedKey>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = key;
    }
}

impl ResolvesServerCert for ShownCertificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.get())
    }
}

/// Returns the configuration of the listener.
pub fn server_config(certificate: Arc<ShownCertificate>) -> Result<Arc<ServerConfig>> {
    let provider = provider();
    let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(Arc::new(AnyCertificate { provider }))
        .with_cert_resolver(certificate);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// A verifier that takes any certificate whose key the peer proves to hold. Who issued it does not matter: the token is
/// bound to the public key itself, and a wrong one is told so in JSON (P-3) instead of by an alert. So the proof is
/// verified with the key alone: rustls reads no certificates of X.509 v1, which `openssl x509 -req` writes.
#[derive(Debug)]
struct AnyCertificate {
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for AnyCertificate {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let key = key(cert)?;
        let key = RawPublicKeyEntity::try_from(&key).map_err(|_| CertificateError::BadEncoding)?;
        // In TLS 1.2 ECDSA names no curve: the scheme has several algorithms, and one fits the key.
        let known = self.provider.signature_verification_algorithms.mapping;
        let mut fitting =
            known.iter().filter(|(scheme, _)| *scheme == dss.scheme).flat_map(|(_, algorithms)| *algorithms);
        if fitting.any(|algorithm| key.verify_signature(*algorithm, message, dss.signature()).is_ok()) {
            return Ok(HandshakeSignatureValid::assertion());
        }
        Err(CertificateError::BadSignature.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature_with_raw_key(message, &key(cert)?, dss, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn key<'a>(certificate: &'a CertificateDer<'_>) -> Result<SubjectPublicKeyInfoDer<'a>, rustls::Error> {
    Ok(pki::key(certificate).ok_or(CertificateError::BadEncoding)?.into())
}
