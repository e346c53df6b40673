//! Certificates, private keys and trusted roots out of what people have, as bytes with the name of the setting that they
//! came from: PEM, DER, PKCS#7 and PKCS#12, told apart by their content. Both halves read theirs here.

mod certificate;
mod choice;
mod der;
mod form;
mod kdf_cost;
mod key_kind;
mod parts;
mod pem;
mod pkcs12;
mod pkcs7;
mod private_key;
mod roots;
mod text;
mod throwaway;

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;

use parts::{Parts, Wanted};

pub(crate) use certificate::{Facts, rfc3339};
pub use roots::roots;
pub(crate) use throwaway::{random_id, throwaway};

use crate::protocol::{Reason, Result, Warning};

/// What a setting holds: the bytes of a file, or a text.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The full name of the setting, for messages.
    pub setting: &'a str,
}

/// Whose certificate it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A client's.
    Client,
    /// A server's.
    Server,
}

/// A certificate with its chain and its key. One that has expired, or is not valid yet, is read too: whoever shows it has
/// to look at the time.
#[derive(Clone)]
pub struct Credentials {
    certified: Arc<CertifiedKey>,
    facts: Facts,
    warnings: Vec<Warning>,
}

impl Credentials {
    /// Reads certificate, chain and key, in any order and form, out of one file or text or out of two, of which the
    /// second holds the key. `passphrase` opens encrypted keys and PKCS#12 archives.
    ///
    /// # Errors
    /// The `identity_…` reasons; the field is the setting at fault.
    pub fn read(
        given: Given<'_>,
        key: Option<Given<'_>>,
        passphrase: Option<&str>,
        purpose: Purpose,
    ) -> Result<Credentials> {
        let mut parts = Parts::default();
        for given in std::iter::once(given).chain(key) {
            parts.read(given, Wanted::Everything(passphrase))?;
        }
        Credentials::assemble(&parts, purpose, now()).map_err(|error| {
            let of_certificate = error.reason() == Reason::IdentityNoCertificate;
            let at_fault = key.filter(|_| !of_certificate).unwrap_or(given);
            error.field(at_fault.setting)
        })
    }

    fn assemble(parts: &Parts, purpose: Purpose, now: i64) -> Result<Credentials> {
        let (pair, warnings) = choice::choose(parts, purpose, now)?;
        let chain = pair.certificate.chain(&parts.certificates, now);
        let chain = chain.iter().map(|one| CertificateDer::from(one.der.clone())).collect();
        let facts = pair.certificate.facts.clone();
        Ok(Credentials { certified: Arc::new(CertifiedKey::new(chain, pair.key)), facts, warnings })
    }

    /// Returns chain and key as rustls takes them; the first certificate is its own, a root is left out.
    #[must_use]
    pub fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }

    /// Tells whether the certificate is valid now.
    ///
    /// # Errors
    /// `identity_expired`, `identity_not_yet_valid`.
    pub fn check_time(&self) -> Result<()> {
        choice::check_time(&self.facts, now())
    }

    /// Returns what is odd about the choice of the certificate; their field is `identity`.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }
}

/// Reads the certificates of a file or text, as DER in the order that they stand in: roots, or a partner's certificate.
///
/// # Errors
/// `roots_unreadable`: it holds none, or the block that is named is damaged; the field is the setting.
pub fn certificates(given: Given<'_>) -> Result<Vec<Vec<u8>>> {
    let mut parts = Parts::default();
    let read = parts.read(given, Wanted::Certificates).and_then(|()| {
        if parts.certificates.is_empty() { Err(parts.lacks(Reason::RootsUnreadable)) } else { Ok(()) }
    });
    read.map_err(|error| error.under(Reason::RootsUnreadable).field(given.setting))?;
    Ok(parts.certificates.into_iter().map(|certificate| certificate.der).collect())
}

/// Reads the public key, as a DER SubjectPublicKeyInfo, of the first certificate of a file or text, or a public key that it
/// holds instead: what a platform registers (P-3).
///
/// # Errors
/// `identity_unreadable`, `identity_no_certificate`; the field is the setting.
pub fn public_key(given: Given<'_>) -> Result<Vec<u8>> {
    let mut parts = Parts::default();
    parts.read(given, Wanted::Certificates)?;
    let of_certificate = parts.certificates.first().map(|certificate| certificate.spki().to_vec());
    of_certificate
        .or_else(|| parts.public_keys.pop())
        .ok_or_else(|| parts.lacks(Reason::IdentityNoCertificate).field(given.setting))
}

/// Returns this moment in seconds since 1970.
pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("facts", &self.facts).finish_non_exhaustive()
    }
}
