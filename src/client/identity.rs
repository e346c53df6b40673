//! The client's identity: a certificate, its chain and its key, from PEM or PKCS#12; each failure has its
//! own reason.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::certificate::{Certificate, Facts, key_bits, rfc3339};
use super::config::Origin;
use super::names;
use super::section::Section;
use super::{pem, pkcs12, private_key};
use crate::protocol::error::Detail;
use crate::protocol::{Error, Reason, Result, Warning};

/// Days before expiry from which on a warning is given.
pub(super) const WARN_DAYS: i64 = 30;
const DAY: i64 = 86_400;

/// A loaded and checked client certificate with its key. The key never leaves it.
#[derive(Clone)]
pub struct Identity {
    certified: Arc<CertifiedKey>,
    facts: Facts,
}

/// What a file or text was found to hold, before it is judged.
#[derive(Default)]
pub(super) struct Parts {
    /// DER certificates.
    pub(super) certificates: Vec<Vec<u8>>,
    /// DER private keys, in PKCS#8, PKCS#1 or SEC1.
    pub(super) keys: Vec<Zeroizing<Vec<u8>>>,
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
    pub(super) fn assemble(parts: &Parts, now: i64) -> Result<Identity> {
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

    pub(super) fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What is odd about it but stops nothing.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut warn = |word, message| {
            warnings.push(Warning { word, field: "identity".to_owned(), message });
        };
        let days = (self.facts.not_after - now()) / DAY;
        if days < WARN_DAYS {
            warn(
                "identity_expires_soon",
                Detail::new(
                    format!("the client certificate expires in {days} days: renew it"),
                    format!("客户端证书将在 {days} 天后过期：请更新"),
                ),
            );
        }
        if !self.facts.for_clients {
            let en = "the certificate's purposes do not include client authentication: servers may refuse it";
            warn("identity_purpose", Detail::new(en, "证书用途不含客户端认证：服务器可能拒绝"));
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

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}

/// Where the configuration says that the identity is.
pub(super) struct IdentitySource {
    form: Form,
    passphrase: Option<Zeroizing<String>>,
}

enum Form {
    Pem { certificate: Origin, key: Option<Origin> },
    Pkcs12(Origin),
}

impl IdentitySource {
    /// Reads the `identity` section; problems are added to the list.
    pub(super) fn read(map: Map<String, Value>, problems: &mut Vec<Error>) -> Option<IdentitySource> {
        let mut section = Section::new(map, "identity", problems);
        let certificate = origin(&mut section, names::CERTIFICATE);
        let key = origin(&mut section, names::KEY);
        let archive = origin(&mut section, names::PKCS12);
        let passphrase = section.text("passphrase");
        let form = match (certificate, key, archive) {
            (Some(certificate), key, None) => Some(Form::Pem { certificate, key }),
            (None, None, Some(archive)) => Some(Form::Pkcs12(archive)),
            (None, _, None) => {
                section.missing("certificate_file");
                None
            }
            _ => {
                section.wrong(
                    "pkcs12_file",
                    "give either PEM or PKCS#12, not both",
                    "PEM 与 PKCS#12 只能二选一",
                );
                None
            }
        };
        section.finish();
        Some(IdentitySource { form: form?, passphrase })
    }

    /// Loads it; the error names the setting at fault.
    pub(super) fn load(&self) -> Result<Identity> {
        let passphrase = self.passphrase.as_ref().map(|text| text.as_str());
        match &self.form {
            Form::Pkcs12(archive) => {
                let field = archive.setting(names::PKCS12);
                let bytes = decoded(archive, &field)?;
                Identity::from_pkcs12(&bytes, passphrase.unwrap_or_default()).map_err(|e| e.field(field))
            }
            Form::Pem { certificate, key } => {
                let field = certificate.setting(names::CERTIFICATE);
                let text = certificate.bytes(&field)?;
                let key_text = match key {
                    Some(key) => key.bytes(&key.setting(names::KEY))?,
                    None => Zeroizing::new(Vec::new()),
                };
                let at_fault = key.as_ref().map_or(field.clone(), |key| key.setting(names::KEY));
                Identity::from_pem(&text, &key_text, passphrase).map_err(|error| {
                    let of_certificate = matches!(
                        error.reason(),
                        Reason::IdentityNoCertificate | Reason::IdentityExpired | Reason::IdentityNotYetValid
                    );
                    error.field(if of_certificate { field } else { at_fault })
                })
            }
        }
    }
}

/// A setting that is given as a file or as text, but not as both.
fn origin(section: &mut Section<'_>, (file, text): (&'static str, &'static str)) -> Option<Origin> {
    match (section.filled(file), section.filled(text)) {
        (Some(path), None) => Some(Origin::File(path.as_str().into())),
        (None, Some(text)) => Some(Origin::Text(text)),
        (None, None) => None,
        (Some(_), Some(given)) => {
            section.wrong(
                text,
                format!("give either {text} or {file}"),
                format!("{text} 与 {file} 只能二选一"),
            );
            Some(Origin::Text(given))
        }
    }
}

/// An archive's bytes: a file's as they are, a text's out of base64.
fn decoded(archive: &Origin, field: &str) -> Result<Zeroizing<Vec<u8>>> {
    use base64::Engine;
    let bytes = archive.bytes(field)?;
    if matches!(archive, Origin::File(_)) {
        return Ok(bytes);
    }
    let packed: Zeroizing<Vec<u8>> =
        Zeroizing::new(bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect());
    let decoded = base64::engine::general_purpose::STANDARD.decode(&*packed);
    decoded.map(Zeroizing::new).map_err(|_| {
        Error::new(Reason::IdentityUnreadable).field(field).detail("it is not base64", "不是 base64")
    })
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("facts", &self.facts).finish_non_exhaustive()
    }
}
