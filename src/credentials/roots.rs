//! The roots that the other side of a connection is verified against.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

use super::{Given, certificates};
use crate::protocol::{Error, Reason, Result};

/// Loads trusted roots: the system's, those of a file or text, or both. The flag tells that this machine has no store of
/// its own, such as a bare container, so that Mozilla's, which are built in, stand for it.
///
/// # Errors
/// `roots_unreadable`: it holds none, or the one that is named is damaged or cannot serve as a root; the field is the
/// setting.
pub fn roots(system: bool, given: Option<Given<'_>>) -> Result<(RootCertStore, bool)> {
    let mut store = RootCertStore::empty();
    let mut built_in = false;
    if system {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        built_in = store.is_empty();
        if built_in {
            store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
    }
    if let Some(given) = given {
        for (index, der) in certificates(given)?.into_iter().enumerate() {
            store.add(CertificateDer::from(der)).map_err(|_| {
                let number = index + 1;
                Error::new(Reason::RootsUnreadable).field(given.setting).detail(
                    format!("certificate {number} in it cannot serve as a root"),
                    format!("其中第 {number} 个证书不能作为根证书"),
                )
            })?;
        }
    }
    Ok((store, built_in))
}
