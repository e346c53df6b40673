//! The roots that the endpoint is verified against: the system's, or a CA of the configuration's.

use rustls::RootCertStore;
use serde_json::{Map, Value};

use super::settings::{Origin, Pair};
use crate::credentials::{self, Given};
use crate::protocol::{Bilingual, Error, Result, Warning};
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
    let (store, built_in) = match &wanted.ca {
        None => credentials::roots(wanted.system, None)?,
        Some(origin) => {
            let field = format!("roots.{}", origin.setting(CA));
            let bytes = origin.bytes(&field)?;
            credentials::roots(wanted.system, Some(Given { bytes: &bytes, setting: &field }))?
        }
    };
    let mut warnings = Vec::new();
    if built_in {
        let en = "this machine has no store of trusted roots: those of Mozilla, built in, are used";
        let message = Bilingual::new(en, "本机没有受信任根证书库：使用内置的 Mozilla 根证书");
        warnings.push(Warning { word: "roots_built_in", field: "roots.system".to_owned(), message });
    }
    Ok((store, warnings))
}
