//! The roots that a caller trusts.

use std::path::Path;

use crate::credentials::{Given, certificates};
use crate::protocol::{Bilingual, Error, Reason, Result};
use crate::verify::certificate::Certificate;

/// What to do about a file that cannot be read.
const PATH: Bilingual = Bilingual::fixed("check the path and its permissions", "请检查路径及权限");
/// Most roots that are taken.
const MAX_ROOTS: usize = 10_000;

/// Certificates that a caller trusts to issue others. Nothing is trusted that is not among them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roots(Vec<Certificate>);

impl Roots {
    /// Takes the certificates of a text or file: PEM, DER or PKCS#7, one or several. `setting` is what the caller knows
    /// them by.
    ///
    /// # Errors
    /// `roots_unreadable` when it holds no certificate, or one that cannot be read.
    pub fn add(&mut self, bytes: &[u8], setting: &str) -> Result<()> {
        for der in certificates(Given { bytes, setting })? {
            let certificate = Certificate::read(&der).filter(|_| self.0.len() < MAX_ROOTS);
            let certificate =
                certificate.ok_or_else(|| Error::new(Reason::RootsUnreadable).field(setting))?;
            if !self.0.contains(&certificate) {
                self.0.push(certificate);
            }
        }
        Ok(())
    }

    /// Takes the certificates of a file.
    ///
    /// # Errors
    /// `roots_unreadable`, also when the file cannot be read.
    pub fn add_file(&mut self, path: &Path, setting: &str) -> Result<()> {
        let bytes = std::fs::read(path).map_err(|error| {
            let error = Error::of_system(Reason::RootsUnreadable, path.display(), &error).field(setting);
            error.advise(PATH, false)
        })?;
        self.add(&bytes, setting)
    }

    /// Says whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns how many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes one certificate.
    pub(crate) fn push(&mut self, certificate: Certificate) {
        if !self.0.contains(&certificate) {
            self.0.push(certificate);
        }
    }

    pub(crate) fn all(&self) -> &[Certificate] {
        &self.0
    }
}
