//! The client's identity: a certificate, its chain and its key; each failure has its own reason.

mod configured;

use std::fmt;
use std::sync::Arc;

use rustls::sign::CertifiedKey;

pub(crate) use configured::IdentitySource;

use crate::credentials::{Credentials, Facts, Given, Purpose, now, throwaway};
use crate::protocol::{Bilingual, Error, Reason, Result, Warning};

/// Days before expiry from which on a warning is given.
pub(crate) const WARN_DAYS: i64 = 30;
const DAY: i64 = 86_400;

/// A loaded and checked client certificate with its key. The key never leaves it.
#[derive(Clone)]
pub struct Identity(Credentials);

impl Identity {
    /// Reads a certificate (with its chain, in any order) and its key, which may stand in the same text: PEM or DER; PKCS#8,
    /// PKCS#1 and SEC1 keys, of which PKCS#8 may be encrypted.
    ///
    /// # Errors
    /// The `identity_…` reasons.
    pub fn from_pem(certificate: &[u8], key: &[u8], passphrase: Option<&str>) -> Result<Identity> {
        let key = Given { bytes: key, setting: "identity.key" };
        let certificate = Given { bytes: certificate, setting: "identity.certificate" };
        match (certificate.bytes, key.bytes) {
            (_, []) => Identity::read(certificate, None, passphrase),
            ([], _) => Identity::read(key, None, passphrase),
            _ => Identity::read(certificate, Some(key), passphrase),
        }
    }

    /// Reads a PKCS#12 archive (.p12, .pfx) with one or more certificates and the key of one of them.
    ///
    /// # Errors
    /// The `identity_…` reasons.
    pub fn from_pkcs12(bytes: &[u8], passphrase: &str) -> Result<Identity> {
        Identity::read(Given { bytes, setting: "identity.pkcs12" }, None, Some(passphrase))
    }

    /// Makes one that nobody can know, for a call that must be refused.
    ///
    /// # Errors
    /// `defect` where the system has no random numbers.
    pub(crate) fn throwaway() -> Result<Identity> {
        let made = throwaway()?;
        Identity::from_pem(&made.certificate, &made.key, None)
    }

    fn read(given: Given<'_>, key: Option<Given<'_>>, passphrase: Option<&str>) -> Result<Identity> {
        let credentials = Credentials::read(given, key, passphrase, Purpose::Client)
            .map_err(|error| with_blanks_named(error, passphrase))?;
        credentials.check_time().map_err(|error| error.field(given.setting))?;
        Ok(Identity(credentials))
    }

    pub(crate) fn certified(&self) -> Arc<CertifiedKey> {
        self.0.certified()
    }

    pub(crate) fn facts(&self) -> &Facts {
        self.0.facts()
    }

    /// Returns what is odd about the choice of the certificate.
    pub(crate) fn oddities(&self) -> &[Warning] {
        self.0.warnings()
    }

    /// Returns what is odd about it but stops nothing.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let days = (self.facts().not_after - now()) / DAY;
        if days < WARN_DAYS {
            let message = Bilingual::new(
                format!("the client certificate expires in {days} days: renew it"),
                format!("客户端证书将在 {days} 天后过期：请更新"),
            );
            let word = "identity_expires_soon";
            warnings.push(Warning { word, field: "identity".to_owned(), message });
        }
        warnings.extend_from_slice(self.oddities());
        warnings
    }
}

/// Says of a passphrase that does not open what it should that it ends as lines of files do.
fn with_blanks_named(error: Error, passphrase: Option<&str>) -> Error {
    let ends_blank = passphrase.is_some_and(|text| text.ends_with(char::is_whitespace));
    if error.reason() != Reason::IdentityPassphrase || !ends_blank {
        return error;
    }
    error.detail("it ends in a line end or a blank", "口令以换行或空白结尾").advise(
        Bilingual::fixed(
            "set identity.passphrase without the line end or blank behind it",
            "请去掉 identity.passphrase 末尾的换行或空白",
        ),
        false,
    )
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("facts", self.facts()).finish_non_exhaustive()
    }
}
