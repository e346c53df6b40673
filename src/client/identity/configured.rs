//! The identity as the configuration gives it: in files or as text, as PEM or PKCS#12.

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::Identity;
use crate::client::settings::{Origin, Pair};
use crate::credentials::Given;
use crate::protocol::{Error, Result};
use crate::section::Section;

const CERTIFICATE: Pair = ("certificate_file", "certificate");
const KEY: Pair = ("key_file", "key");
const PKCS12: Pair = ("pkcs12_file", "pkcs12");

/// Returns the full name of the setting that an origin came from.
fn setting(origin: &Origin, pair: Pair) -> String {
    format!("identity.{}", origin.setting(pair))
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
        let certificate = Origin::read(&mut section, CERTIFICATE);
        let key = Origin::read(&mut section, KEY);
        let archive = Origin::read(&mut section, PKCS12);
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
        let (origin, names, key) = match &self.format {
            Format::Pem { certificate, key } => (certificate, CERTIFICATE, key.as_ref()),
            Format::Pkcs12(archive) => (archive, PKCS12, None),
        };
        let field = setting(origin, names);
        let bytes = origin.bytes(&field)?;
        let key = match key {
            Some(key) => {
                let field = setting(key, KEY);
                Some((key.bytes(&field)?, field))
            }
            None => None,
        };
        let key = key.as_ref().map(|(bytes, setting)| Given { bytes, setting });
        Identity::read(Given { bytes: &bytes, setting: &field }, key, passphrase)
    }
}
