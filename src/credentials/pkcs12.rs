//! PKCS#12 archives (.p12, .pfx): keys and certificates out of them, each failure with its own reason.

use std::panic::{AssertUnwindSafe, catch_unwind};

use p12_keystore::{Pkcs12Archive, error::Error as ArchiveError};
use zeroize::Zeroizing;

use super::der::{SEQUENCE, children, inside, write};
use super::kdf_cost;
use crate::protocol::{Bilingual, Error, Reason, Result};

/// What an archive holds, as DER.
pub(super) struct Opened {
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) keys: Vec<Zeroizing<Vec<u8>>>,
}

/// Opens an archive. An absent passphrase is the empty one.
pub(super) fn open(bytes: &[u8], passphrase: &str) -> Result<Opened> {
    kdf_cost::check(bytes)?;
    let stripped = without_pbmac1(bytes);
    let bytes = stripped.as_deref().map_or(bytes, Vec::as_slice);
    // The reader is foreign code fed with foreign bytes: a panic in it must stay an error of this file.
    let opened = catch_unwind(AssertUnwindSafe(|| Pkcs12Archive::from_pkcs12(bytes, passphrase)));
    let archive = opened.map_err(|_| damaged())?.map_err(|error| reason(&error, bytes))?;
    Ok(Opened {
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
        | ArchiveError::UnsupportedMacAlgorithm => unsupported(),
        ArchiveError::InvalidParameters => kdf_cost::too_costly(),
        ArchiveError::DerError(cause) if cause.to_string().contains("OID") => unsupported(),
        ArchiveError::DerError(_) | ArchiveError::InvalidPrivateKey | ArchiveError::X509Error(_)
            if encrypted_without_mac(bytes) =>
        {
            Error::new(Reason::IdentityPassphrase)
        }
        _ => damaged(),
    }
}

pub(super) fn damaged() -> Error {
    let advice = Bilingual::fixed("export the .p12 again", "请重新导出 .p12");
    Error::new(Reason::IdentityUnreadable)
        .detail("the PKCS#12 file is damaged", "PKCS#12 文件已损坏")
        .advise(advice, false)
}

fn unsupported() -> Error {
    let advice = Bilingual::fixed(
        "export it anew: openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem, then openssl pkcs12 -export -in all.pem -out new.p12",
        "请重新导出：openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem，再执行 openssl pkcs12 -export -in all.pem -out new.p12",
    );
    Error::new(Reason::IdentityEncryption).advise(advice, false)
}

/// Returns an archive whose MAC is of PBMAC1 (RFC 9579) without it: the reader does not know it. The MAC protects an archive
/// against changes; here a changed key would not fit its certificate, and a wrong passphrase fails at the encryption.
fn without_pbmac1(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    /// 1.2.840.113549.1.5.14, as an element.
    const PBMAC1: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 14];
    let outer = children(inside(bytes, SEQUENCE)?);
    let [version, content, mac] = outer.as_slice() else { return None };
    let named = inside(inside(mac.content, SEQUENCE)?, SEQUENCE)?.starts_with(&PBMAC1);
    named.then(|| write(SEQUENCE, &[version.whole, content.whole]))
}

/// Tells whether the outer shell is well-formed and asks for key derivation: what failed lies within its
/// encryption.
fn encrypted_without_mac(bytes: &[u8]) -> bool {
    kdf_cost::rounds(bytes) > 0 && kdf_cost::is_whole(bytes)
}
