//! The identity as the configuration gives it: in files or as text, as PEM or PKCS#12.

use base64::Engine;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::Identity;
use crate::client::settings::Origin;
use crate::protocol::{Error, Reason, Result};
use crate::section::Section;

/// A pair of settings: (a file's path, the text itself).
type Pair = (&'static str, &'static str);

const CERTIFICATE: Pair = ("certificate_file", "certificate");
const KEY: Pair = ("key_file", "key");
const PKCS12: Pair = ("pkcs12_file", "pkcs12");

/// Returns the full name of the setting that an origin came from.
fn setting(origin: &Origin, (file, text): Pair) -> String {
    format!("identity.{}", if matches!(origin, Origin::File(_)) { file } else { text })
}

/// Where the configuration says that the identity is.
pub(crate) struct IdentitySource {
    format: Format,
    passphrase: Option<Zeroizing<String>>,
}

enum Format {
    Pem { certificate: Origin, key: Option<Origin> },
    Pkcs12(Origin),
}

impl IdentitySource {
    /// Reads the `identity` section; problems are added to the list.
    pub(crate) fn read(map: Map<String, Value>, problems: &mut Vec<Error>) -> Option<IdentitySource> {
        let mut section = Section::new(map, "identity", problems);
        let certificate = origin(&mut section, CERTIFICATE);
        let key = origin(&mut section, KEY);
        let archive = origin(&mut section, PKCS12);
        let passphrase = section.text("passphrase");
        let format = match (certificate, key, archive) {
            (Some(certificate), key, None) => Some(Format::Pem { certificate, key }),
            (None, None, Some(archive)) => Some(Format::Pkcs12(archive)),
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
        Some(IdentitySource { format: format?, passphrase })
    }

    /// Loads it; the error names the setting at fault.
    pub(crate) fn load(&self) -> Result<Identity> {
        let passphrase = self.passphrase.as_ref().map(|text| text.as_str());
        match &self.format {
            Format::Pkcs12(archive) => {
                let field = setting(archive, PKCS12);
                let bytes = decoded(archive, &field)?;
                Identity::from_pkcs12(&bytes, passphrase.unwrap_or_default()).map_err(|e| e.field(field))
            }
            Format::Pem { certificate, key } => {
                let field = setting(certificate, CERTIFICATE);
                let text = certificate.bytes(&field)?;
                let key_text = match key {
                    Some(key) => key.bytes(&setting(key, KEY))?,
                    None => Zeroizing::new(Vec::new()),
                };
                let at_fault = key.as_ref().map_or(field.clone(), |key| setting(key, KEY));
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

/// Reads a setting that is given as a file or as text, but not as both.
fn origin(section: &mut Section<'_>, (file, text): Pair) -> Option<Origin> {
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

/// Returns an archive's bytes: a file's as they are, a text's out of base64.
fn decoded(archive: &Origin, field: &str) -> Result<Zeroizing<Vec<u8>>> {
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
