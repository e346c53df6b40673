//! The roots that the endpoint is verified against: the system's, or a CA of the configuration's.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use serde_json::{Map, Value};

use super::settings::{Origin, Pair};
use crate::credentials::{self, Given};
use crate::protocol::{Bilingual, Error, Reason, Result, Warning};
use crate::section::Section;

/// Which roots are trusted.
pub(super) struct Roots {
    system: bool,
    ca: Option<Origin>,
}

const CA: Pair = ("ca_file", "ca");

impl Roots {
    /// Reads the `roots` section. A CA given alone replaces the system's roots.
    pub(super) fn read(map: Map<String, Value>, problems: &mut Vec<Error>) -> Roots {
        let mut section = Section::new(map, "roots", problems);
        let system = section.flag("system");
        let ca = Origin::read(&mut section, CA);
        if system == Some(false) && ca.is_none() {
            section.wrong(
                "system",
                "without a CA the system's roots are needed",
                "没有 CA 时必须使用系统根证书",
            );
        }
        section.finish();
        Roots { system: system.unwrap_or(ca.is_none()), ca }
    }
}

/// Loads the roots.
pub(super) fn load(wanted: &Roots) -> Result<(RootCertStore, Vec<Warning>)> {
    let mut store = RootCertStore::empty();
    let mut warnings = Vec::new();
    if wanted.system {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        // A machine without a store, such as a bare container, would otherwise trust nobody.
        if store.is_empty() {
            store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            let en = "this machine has no store of trusted roots: those of Mozilla, built in, are used";
            let message = Bilingual::new(en, "本机没有受信任根证书库：使用内置的 Mozilla 根证书");
            warnings.push(Warning { word: "roots_built_in", field: "roots.system".to_owned(), message });
        }
    }
    if let Some(origin) = &wanted.ca {
        let field = format!("roots.{}", origin.setting(CA));
        add_ca(&mut store, &origin.bytes(&field)?, &field)?;
    }
    Ok((store, warnings))
}

fn add_ca(store: &mut RootCertStore, bytes: &[u8], setting: &str) -> Result<()> {
    let found = credentials::certificates(Given { bytes, setting })?;
    for (index, der) in found.into_iter().enumerate() {
        store.add(CertificateDer::from(der)).map_err(|_| {
            let number = index + 1;
            Error::new(Reason::RootsUnreadable).field(setting).detail(
                format!("certificate {number} in it cannot serve as a root"),
                format!("其中第 {number} 个证书不能作为根证书"),
            )
        })?;
    }
    Ok(())
}
