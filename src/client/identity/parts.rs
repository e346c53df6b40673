//! What a file or text of an identity holds, before it is judged.

use zeroize::Zeroizing;

/// Certificates and keys, as they were found.
#[derive(Default)]
pub(crate) struct Parts {
    /// DER certificates.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// DER private keys, in PKCS#8, PKCS#1 or SEC1.
    pub(crate) keys: Vec<Zeroizing<Vec<u8>>>,
}
