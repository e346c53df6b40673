//! The client's identity: a certificate, its chain and its key, from PEM or PKCS#12; each failure has its
//! own reason.

mod certificate;
mod configured;
mod kdf_cost;
mod parts;
pub(crate) mod pem;
mod pkcs12;
mod private_key;

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;

use certificate::{Certificate, Facts, key_bits};
use parts::Parts;

pub(crate) use certificate::rfc3339;
pub(crate) use configured::IdentitySource;

use crate::protocol::{Bilingual, Error, Reason, Result, Warning};

/// Days before expiry from which on a warning is given.
pub(crate) const WARN_DAYS: i64 = 30;
const DAY: i64 = 86_400;

/// A loaded and checked client certificate with its key. The key never leaves it.
#[derive(Clone)]
pub struct Identity {
    certified: Arc<CertifiedKey>,
    facts: Facts,
}

impl Identity {
    /// Reads a PEM certificate (with its chain, in any order) and its key, which may stand in the same
    /// text. PKCS#8, PKCS#1 and SEC1 keys; PKCS#8 may be encrypted.
    ///
    /// # Errors
    /// The `identity_…` reasons.
    pub fn from_pem(certificate: &[u8], key: &[u8], passphrase: Option<&str>) -> Result<Identity> {
        let mut parts = Parts::default();
        for text in [certificate, key] {
            private_key::collect(pem::blocks(text), passphrase, &mut parts)?;
        }
        Identity::assemble(&parts, now())
    }

    /// Reads a PKCS#12 archive (.p12, .pfx) with one or more certificates and the key of one of them.
    ///
    /// # Errors
    /// The `identity_…` reasons.
    pub fn from_pkcs12(bytes: &[u8], passphrase: &str) -> Result<Identity> {
        Identity::assemble(&pkcs12::open(bytes, passphrase)?, now())
    }

    /// Picks the certificate whose key is there, and checks that it is valid at this time.
    pub(crate) fn assemble(parts: &Parts, now: i64) -> Result<Identity> {
        let certificates: Vec<Certificate> =
            parts.certificates.iter().filter_map(|der| Certificate::parse(der)).collect();
        if certificates.is_empty() {
            let none = parts.certificates.is_empty();
            return Err(Error::new(if none {
                Reason::IdentityNoCertificate
            } else {
                Reason::IdentityUnreadable
            }));
        }
        if parts.keys.is_empty() {
            return Err(Error::new(Reason::IdentityNoKey));
        }
        let mut failure = Error::new(Reason::IdentityMismatch);
        let mut candidates = Vec::new();
        for der in &parts.keys {
            match private_key::load(der, &certificates) {
                Ok(key) => {
                    let bits = key.public_key().and_then(|spki| key_bits(&spki));
                    let own = certificates.iter().filter(|known| bits.as_ref() == Some(&known.key_bits));
                    candidates.extend(own.map(|certificate| (certificate, Arc::clone(&key))));
                }
                Err(error) => failure = error,
            }
        }
        // A renewed certificate of the same key may stand beside the old one: the one valid longest wins.
        let (own, key) = candidates.into_iter().max_by_key(|(own, _)| own.facts.not_after).ok_or(failure)?;
        check_time(&own.facts, now)?;
        let chain =
            own.chain(&certificates).iter().map(|one| CertificateDer::from(one.der.clone())).collect();
        Ok(Identity { certified: Arc::new(CertifiedKey::new(chain, key)), facts: own.facts.clone() })
    }

    pub(crate) fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns what is odd about it but stops nothing.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut warn = |word, message| {
            warnings.push(Warning { word, field: "identity".to_owned(), message });
        };
        let days = (self.facts.not_after - now()) / DAY;
        if days < WARN_DAYS {
            warn(
                "identity_expires_soon",
                Bilingual::new(
                    format!("the client certificate expires in {days} days: renew it"),
                    format!("客户端证书将在 {days} 天后过期：请更新"),
                ),
            );
        }
        if !self.facts.for_clients {
            let en = "the certificate's purposes do not include client authentication: servers may refuse it";
            warn("identity_purpose", Bilingual::new(en, "证书用途不含客户端认证：服务器可能拒绝"));
        }
        warnings
    }
}

fn check_time(facts: &Facts, now: i64) -> Result<()> {
    if now > facts.not_after {
        let day = rfc3339(facts.not_after);
        return Err(Error::new(Reason::IdentityExpired).detail(format!("on {day}"), format!("于 {day}")));
    }
    if now < facts.not_before {
        let day = rfc3339(facts.not_before);
        return Err(
            Error::new(Reason::IdentityNotYetValid).detail(format!("before {day}"), format!("{day} 起有效"))
        );
    }
    Ok(())
}

/// Returns the seconds since 1970.
pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("facts", &self.facts).finish_non_exhaustive()
    }
}
