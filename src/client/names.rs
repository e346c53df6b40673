//! Settings that come as a file or as text: the names of both, in this order.

use super::config::Origin;

/// A pair of settings: (a file's path, the text itself).
pub(super) type Pair = (&'static str, &'static str);

pub(super) const CERTIFICATE: Pair = ("certificate_file", "certificate");
pub(super) const KEY: Pair = ("key_file", "key");
pub(super) const PKCS12: Pair = ("pkcs12_file", "pkcs12");

impl Origin {
    /// The full name of the setting that it came from.
    pub(super) fn setting(&self, (file, text): Pair) -> String {
        format!("identity.{}", if matches!(self, Origin::File(_)) { file } else { text })
    }
}
