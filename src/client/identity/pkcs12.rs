//! PKCS#12 archives (.p12, .pfx): keys and certificates out of them, each failure with its own reason.

use std::panic::{AssertUnwindSafe, catch_unwind};

use p12_keystore::{Pkcs12Archive, error::Error as ArchiveError};
use zeroize::Zeroizing;

use super::kdf_cost;
use super::parts::Parts;
use crate::protocol::{Error, Reason, Result};

/// Opens an archive. An absent passphrase is the empty one.
pub(crate) fn open(bytes: &[u8], passphrase: &str) -> Result<Parts> {
    let unreadable = || Error::new(Reason::IdentityUnreadable);
    match bytes {
        [0x30, 0x80, ..] => {
            return Err(unreadable().detail(
                "the PKCS#12 file uses BER indefinite lengths: export it again with openssl pkcs12 -export",
                "PKCS#12 文件使用 BER 不定长编码：请用 openssl pkcs12 -export 重新导出",
            ));
        }
        [0x30, ..] => {}
        _ => return Err(unreadable().detail("this is not a PKCS#12 file", "不是 PKCS#12 文件")),
    }
    kdf_cost::check(bytes)?;
    // The reader is foreign code fed with foreign bytes: a panic in it must stay an error of this file.
    let opened = catch_unwind(AssertUnwindSafe(|| Pkcs12Archive::from_pkcs12(bytes, passphrase)));
    let archive = opened.map_err(|_| unreadable())?.map_err(|error| reason(&error, bytes))?;
    Ok(Parts {
        certificates: archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect(),
        keys: archive.keys.iter().map(|bag| Zeroizing::new(bag.key.as_der().to_vec())).collect(),
    })
}

fn reason(error: &ArchiveError, bytes: &[u8]) -> Error {
    match error {
        // A wrong passphrase fails at the MAC; without a MAC, at the padding or at what was decrypted.
        ArchiveError::MacError(_) | ArchiveError::UnpadError => Error::new(Reason::IdentityPassphrase),
        ArchiveError::Pkcs5Error(words) if words.contains("decrypt") => {
            Error::new(Reason::IdentityPassphrase)
        }
        ArchiveError::Pkcs5Error(_)
        | ArchiveError::UnsupportedEncryptionScheme
        | ArchiveError::UnsupportedMacAlgorithm => Error::new(Reason::IdentityEncryption)
            .detail("export the .p12 again with AES-256", "请用 AES-256 重新导出 .p12"),
        ArchiveError::InvalidParameters => kdf_cost::too_costly(),
        ArchiveError::DerError(cause) if cause.to_string().contains("OID") => {
            Error::new(Reason::IdentityEncryption)
                .detail("export the .p12 again with AES-256", "请用 AES-256 重新导出 .p12")
        }
        ArchiveError::DerError(_) | ArchiveError::InvalidPrivateKey | ArchiveError::X509Error(_)
            if encrypted_without_mac(bytes) =>
        {
            Error::new(Reason::IdentityPassphrase)
        }
        _ => {
            Error::new(Reason::IdentityUnreadable).detail("the PKCS#12 file is damaged", "PKCS#12 文件已损坏")
        }
    }
}

/// Tells whether the outer shell is well-formed and asks for key derivation: what failed lies within its
/// encryption.
fn encrypted_without_mac(bytes: &[u8]) -> bool {
    kdf_cost::rounds(bytes) > 0 && kdf_cost::is_whole(bytes)
}
