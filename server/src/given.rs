//! What an operator gives in files: certificates and keys in every form that the library reads, and settings as text.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use rustls::RootCertStore;
use sha2::{Digest, Sha256};
use wosigndoc::credentials::{self, Credentials, Given, Purpose};
use wosigndoc::protocol::{self, Bilingual, Error, Reason, hex, json};

use crate::problem::Problem;

/// Reads a certificate with its chain and its key out of one file.
pub fn pair(file: &Path, purpose: Purpose) -> Result<Credentials> {
    read(file, |given| Credentials::read(given, None, None, purpose))
}

/// Returns the roots that are trusted: the system's, and those of a file.
pub fn roots(file: Option<&Path>) -> Result<RootCertStore> {
    let (store, _) = match file {
        None => put_in_words(credentials::roots(true, None))?,
        Some(file) => read(file, |given| credentials::roots(true, Some(given)))?,
    };
    Ok(store)
}

/// Returns what a token is bound to: the SHA-256 of the public key (SPKI) of a certificate, or of a public key alone,
/// lower-case hex.
pub fn spki(bytes: &[u8]) -> Result<String> {
    let key = put_in_words(credentials::public_key(Given { bytes, setting: "" }))?;
    Ok(hex::encode(&Sha256::digest(key)))
}

/// Returns a file's text without the mark that editors set before it.
pub fn text(file: &Path) -> std::io::Result<Result<String>> {
    let bytes = fs::read(file)?;
    Ok(String::from_utf8(json::without_mark(&bytes).to_vec()).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        anyhow!("{} is not UTF-8 (byte {at}): save it as UTF-8, not as GBK or UTF-16", file.display())
    }))
}

fn read<T>(file: &Path, reader: impl FnOnce(Given<'_>) -> protocol::Result<T>) -> Result<T> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    put_in_words(reader(Given { bytes: &bytes, setting: "" }))
        .with_context(|| format!("{} cannot be used", file.display()))
}

fn put_in_words<T>(read: protocol::Result<T>) -> Result<T> {
    read.map_err(|error| anyhow!(Problem::from(words(&error))))
}

/// Says what is wrong and what to do. The platform is given files, not the settings that a client has.
fn words(error: &Error) -> Bilingual {
    let advice = match error.reason() {
        Reason::IdentityPassphrase | Reason::IdentityEncryption => Bilingual::fixed(
            "the platform takes no passphrase: decrypt the key, openssl pkey -in old.key -out new.key, and make the file \
             readable for the platform alone",
            "平台不使用口令：请先解密私钥（openssl pkey -in old.key -out new.key），并让该文件只能由平台读取",
        ),
        Reason::IdentityNoKey => Bilingual::fixed(
            "put certificate, chain and private key into this one file",
            "请将证书、证书链和私钥放入同一个文件",
        ),
        Reason::IdentityNoCertificate => {
            Bilingual::fixed("put the certificate into this file", "请将证书放入该文件")
        }
        _ => error.entry().advice,
    };
    let message = error.message();
    Bilingual::new(format!("{}; {}", message.en, advice.en), format!("{}；{}", message.zh, advice.zh))
}

/// Reads the password of the control API: one line, of at least 12 characters.
pub fn password(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let password = text.trim_end_matches(['\r', '\n']);
    ensure!(password.len() >= 12, "{}: a password has at least 12 characters", path.display());
    ensure!(!password.contains('\n'), "{}: a password is one line", path.display());
    Ok(password.to_owned())
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;
    use crate::pki;

    /// A root that cannot be one is named, and not left out: the callback would fail on every push.
    #[test]
    fn names_a_root_that_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        let good = CertificateParams::default().self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
        fs::write(&file, &good).unwrap();
        assert!(roots(Some(&file)).unwrap().len() > roots(None).unwrap().len());
        fs::write(&file, format!("{good}-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"))
            .unwrap();
        let refused = format!("{:#}", roots(Some(&file)).unwrap_err());
        assert!(refused.contains("ca.pem") && refused.contains('2'), "{refused}");
    }

    /// Covers P-3: the first certificate counts, in whatever form it comes; a private key is never taken for it.
    #[test]
    fn binds_the_key_of_the_first_certificate() {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::default().self_signed(&key).unwrap();
        let expected = pki::spki(certificate.der()).unwrap();
        let (pem, public) = (certificate.pem(), key.public_key_pem());
        let utf16: Vec<u8> = pem.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let forms = [
            pem.clone().into_bytes(),
            public.clone().into_bytes(),
            format!("{pem}{public}").into_bytes(),
            format!("{}{pem}", key.serialize_pem()).into_bytes(),
            format!("\u{feff}{pem}").replace('\n', "\r\n").into_bytes(),
            certificate.der().to_vec(),
            [&[0xff, 0xfe], &utf16[..]].concat(),
        ];
        for form in forms {
            assert_eq!(spki(&form).unwrap(), expected, "{}", String::from_utf8_lossy(&form));
        }
        for (wrong, told) in [(key.serialize_pem(), "private key"), ("no key".to_owned(), "")] {
            let refused = spki(wrong.as_bytes()).unwrap_err().to_string();
            assert!(refused.contains(told) && refused.is_ascii(), "{refused}");
        }
    }
}
