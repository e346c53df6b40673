//! TLS 1.2 and 1.3 with the client's certificate. Verification of the endpoint cannot be turned off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, Resumption, WebPkiServerVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::client::identity::Identity;
use crate::protocol::{Error, Reason, Result};

/// What the handshakes have shown so far.
#[derive(Debug, Default)]
pub(crate) struct Handshake {
    /// The server's certificate is trusted, and the server has its key.
    trusted: AtomicBool,
    /// The server asked for the client's certificate.
    asked: AtomicBool,
}

impl Handshake {
    /// Tells whether an endpoint was reached that may be trusted.
    pub(crate) fn trusted(&self) -> bool {
        self.trusted.load(Ordering::Relaxed)
    }

    /// Tells whether the server asked for the client's certificate.
    pub(crate) fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

/// The TLS settings of every connection.
pub(super) struct Settings {
    /// With the endpoint.
    pub(super) endpoint: ClientConfig,
    /// With a proxy that speaks TLS itself: the client's certificate is not shown to it.
    pub(super) proxy: Arc<ClientConfig>,
}

/// Makes the settings. The provider is passed by hand: a process-wide one would be the host's to choose. `name` is what
/// the endpoint's certificate must be for, where the connections go by another.
pub(super) fn settings(
    identity: &Identity,
    roots: RootCertStore,
    name: Option<ServerName<'static>>,
    handshake: Arc<Handshake>,
) -> Result<Settings> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let defect = |error: &dyn std::fmt::Display| Error::new(Reason::Defect).because(error);
    let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let webpki = webpki.build().map_err(|error| defect(&error))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| defect(&error))?;
    let mut proxy = builder.clone().with_webpki_verifier(Arc::clone(&webpki)).with_no_client_auth();
    proxy.resumption = Resumption::disabled();
    // The name of a stand-in is nothing that the server could know.
    let sni = name.is_none();
    let verifier = Verifier { webpki, name, handshake: Arc::clone(&handshake) };
    let mut endpoint = builder
        // rustls calls every verifier but its own dangerous; this one leaves every judgement to rustls's own.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(Arc::new(Shown { certificate: identity.certified(), handshake }));
    endpoint.enable_sni = sni;
    Ok(Settings { endpoint, proxy: Arc::new(proxy) })
}

/// Has the server's certificate judged by rustls, by the endpoint's own name, and notes that it was found good.
#[derive(Debug)]
struct Verifier {
    webpki: Arc<WebPkiServerVerifier>,
    name: Option<ServerName<'static>>,
    handshake: Arc<Handshake>,
}

impl Verifier {
    fn noted<T>(&self, judged: Result<T, rustls::Error>) -> Result<T, rustls::Error> {
        self.handshake.trusted.store(judged.is_ok(), Ordering::Relaxed);
        judged
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let name = self.name.as_ref().unwrap_or(name);
        self.webpki.verify_server_cert(end_entity, intermediates, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.noted(self.webpki.verify_tls12_signature(message, certificate, signed))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.noted(self.webpki.verify_tls13_signature(message, certificate, signed))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

/// Shows the client's certificate to who asks.
#[derive(Debug)]
struct Shown {
    certificate: Arc<CertifiedKey>,
    handshake: Arc<Handshake>,
}

impl ResolvesClientCert for Shown {
    fn resolve(&self, _issuers: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.handshake.asked.store(true, Ordering::Relaxed);
        Some(Arc::clone(&self.certificate))
    }

    fn has_certs(&self) -> bool {
        true
    }
}
