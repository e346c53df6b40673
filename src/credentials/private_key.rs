//! Private keys: out of their encryption, and into what TLS signs with.

use std::sync::Arc;

use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use rustls::sign::SigningKey;
use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::der::write;
use super::{kdf_cost, key_kind};
use crate::protocol::{Bilingual, Error, Reason, Result};

/// Decrypts PKCS#8: PBES2 with AES or 3DES, PBKDF2 or scrypt.
pub(super) fn decrypt(der: &[u8], passphrase: Option<&str>) -> Result<Zeroizing<Vec<u8>>> {
    let Some(passphrase) = passphrase else {
        return Err(Error::new(Reason::IdentityPassphrase).detail("the key is encrypted", "私钥已加密"));
    };
    kdf_cost::check(der)?;
    let sealed = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| {
        // Parameters that the reader does not know end here as well as damage does.
        Error::new(if kdf_cost::is_whole(der) {
            Reason::IdentityEncryption
        } else {
            Reason::IdentityUnreadable
        })
    })?;
    if sealed.encryption_algorithm.pbes2().is_none() {
        return Err(Error::new(Reason::IdentityEncryption)
            .detail("PKCS#8 encryption of version 1 (PBES1)", "PKCS#8 第 1 版加密（PBES1）"));
    }
    let opened = sealed.decrypt(passphrase).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs5) if pkcs5.to_string().contains("unsupported") => {
            Error::new(Reason::IdentityEncryption)
        }
        _ => Error::new(Reason::IdentityPassphrase),
    })?;
    Ok(Zeroizing::new(opened.as_bytes().to_vec()))
}

/// Turns a key in PKCS#8, PKCS#1 or SEC1 into a signing key.
pub(super) fn load(der: &[u8], certificates: &[Certificate]) -> Result<Arc<dyn SigningKey>> {
    let forms = [
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der)),
        PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der)),
        PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(der)),
    ];
    if let Some(key) = forms.iter().find_map(|form| any_supported_type(form).ok()) {
        return Ok(key);
    }
    if let Some(key) = completed(der, certificates) {
        return Ok(key);
    }
    // What is a private key in form, but not in kind, is told apart from what is none.
    let is_key = PrivateKeyInfoRef::try_from(der).is_ok() || kdf_cost::is_whole(der);
    let error = Error::new(if is_key { Reason::IdentityKeyKind } else { Reason::IdentityUnreadable });
    Err(match key_kind::of(der) {
        Some(kind) if kind == key_kind::EXPLICIT => error.because(kind).advise(NAME_THE_CURVE, false),
        Some(kind) => error.because(kind),
        None => error,
    })
}

const NAME_THE_CURVE: Bilingual = Bilingual::fixed(
    "have the key name its curve: openssl ec -in old.key -param_enc named_curve -out new.key; a certificate that writes \
     the curve out has to be issued anew",
    "请让私钥以名称标明曲线：openssl ec -in old.key -param_enc named_curve -out new.key；以完整参数写出曲线的证书须重新签发",
);

/// Completes an elliptic-curve key as Java writes it, without its public half, which the TLS library insists on: that is
/// taken from a certificate, and the library checks that the halves belong together.
fn completed(der: &[u8], certificates: &[Certificate]) -> Option<Arc<dyn SigningKey>> {
    let info = PrivateKeyInfoRef::try_from(der).ok();
    let inner = info.as_ref().map_or(der, |info| info.private_key.as_bytes());
    // ECPrivateKey ::= SEQUENCE { INTEGER 1, OCTET STRING secret, … }
    let [0x30, _, 2, 1, 1, 4, length, rest @ ..] = inner else { return None };
    let secret = rest.get(..usize::from(*length))?;
    certificates.iter().find_map(|certificate| {
        let curve = write(0x06, &[certificate.curve.as_deref()?]);
        let mut bits = Zeroizing::new(vec![0]);
        bits.extend_from_slice(&certificate.key_bits);
        let public = write(0x03, &[&bits]);
        let whole = write(
            0x30,
            &[&[2, 1, 1], &write(0x04, &[secret]), &write(0xa0, &[&curve]), &write(0xa1, &[&public])],
        );
        any_supported_type(&PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(whole.as_slice()))).ok()
    })
}
