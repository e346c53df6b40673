//! What files and texts hold, before it is judged: certificates and keys, out of every form that is read.

use base64::Engine;
use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::der::children;
use super::form::{Form, Other};
use super::{Given, pem, pkcs7, pkcs12, private_key, text};
use crate::protocol::{Bilingual, Error, Reason, Result, json};

/// Certificates and keys, as they were found.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) certificates: Vec<Certificate>,
    /// DER private keys, in PKCS#8, PKCS#1 or SEC1.
    pub(super) keys: Vec<Zeroizing<Vec<u8>>>,
    /// What was there that is neither.
    pub(super) others: Vec<Other>,
    /// DER SubjectPublicKeyInfo of public keys.
    pub(super) public_keys: Vec<Vec<u8>>,
}

/// What a reader looks for.
#[derive(Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// Certificates and keys; archives and keys are opened with the passphrase.
    Everything(Option<&'a str>),
    /// Certificates; keys are passed over, and archives, whose passphrase nobody gives, are not opened.
    Certificates,
}

/// Where in a file something stands.
struct Place<'a> {
    label: Option<&'a str>,
    number: usize,
}

impl Parts {
    /// Adds what a file or text holds.
    ///
    /// # Errors
    /// The `identity_…` reasons, with the setting and, in PEM, the block at fault.
    pub(super) fn read(&mut self, given: Given<'_>, wanted: Wanted<'_>) -> Result<()> {
        self.read_any(given.bytes, wanted).map_err(|error| error.field(given.setting))
    }

    fn read_any(&mut self, bytes: &[u8], wanted: Wanted<'_>) -> Result<()> {
        let whole = Place { label: None, number: 0 };
        // An editor that took DER for a text has set its mark before it, or a line end behind it.
        let bytes = match json::without_mark(bytes) {
            unmarked @ [0x30, ..] => first_element(unmarked),
            _ => bytes,
        };
        if bytes.first() == Some(&0x30) && Form::of(bytes) != Form::Other(Other::Unknown) {
            return self.add(bytes, &whole, wanted);
        }
        let plain = text::plain(bytes);
        let blocks = pem::blocks(&plain);
        if blocks.is_empty() {
            return match bare_base64(&plain) {
                Some(der) => self.add(&der, &whole, wanted),
                None => Err(of_other(Reason::IdentityUnreadable, Other::of(&plain))),
            };
        }
        for (index, block) in blocks.into_iter().enumerate() {
            self.read_block(&block, index + 1, wanted)?;
        }
        Ok(())
    }

    fn read_block(&mut self, block: &pem::Block, number: usize, wanted: Wanted<'_>) -> Result<()> {
        let is_key = block.label.ends_with("PRIVATE KEY");
        if is_key && matches!(wanted, Wanted::Certificates) {
            self.others.push(Other::PrivateKey);
            return Ok(());
        }
        if block.old_encryption {
            return Err(Error::new(Reason::IdentityEncryption)
                .detail("OpenSSL's old PEM encryption (DEK-Info)", "OpenSSL 旧式 PEM 加密（DEK-Info）"));
        }
        let place = Place { label: Some(&block.label), number };
        let told = Other::of_label(&block.label);
        match &block.bytes {
            _ if block.label == "OPENSSH PRIVATE KEY" => self.others.extend(told),
            Some(bytes) => return self.add(bytes, &place, wanted),
            None if is_key || block.label.ends_with("CERTIFICATE") => return Err(place.damaged()),
            None => self.others.extend(told),
        }
        Ok(())
    }

    /// Adds what DER bytes hold.
    fn add(&mut self, der: &[u8], place: &Place<'_>, wanted: Wanted<'_>) -> Result<()> {
        let form = Form::of(der);
        match (form, wanted) {
            (Form::Certificate, _) => {
                self.certificates.push(Certificate::parse(der).ok_or_else(|| place.damaged())?);
            }
            (Form::Pkcs7, _) => {
                for der in pkcs7::certificates(der) {
                    self.certificates.push(Certificate::parse(&der).ok_or_else(|| place.damaged())?);
                }
            }
            (Form::Key | Form::EncryptedKey, Wanted::Certificates) => self.others.push(Other::PrivateKey),
            (Form::Pkcs12, Wanted::Certificates) => self.others.push(Other::Archive),
            (Form::Key, _) => self.keys.push(Zeroizing::new(der.to_vec())),
            (Form::EncryptedKey, Wanted::Everything(passphrase)) => {
                self.keys.push(private_key::decrypt(der, passphrase)?);
            }
            (Form::Pkcs12, Wanted::Everything(passphrase)) => {
                self.add_archive(&pkcs12::open(der, passphrase.unwrap_or_default())?)?;
            }
            (Form::Other(Other::Unknown), _) if place.is_key_or_certificate() => return Err(place.damaged()),
            (Form::Other(Other::Unknown), _) => {}
            (Form::Other(other), _) => {
                if other == Other::PublicKey {
                    self.public_keys.push(der.to_vec());
                }
                self.others.push(other);
            }
        }
        Ok(())
    }

    fn add_archive(&mut self, opened: &pkcs12::Opened) -> Result<()> {
        self.keys.extend(opened.keys.iter().cloned());
        for der in &opened.certificates {
            let certificate = Certificate::parse(der).ok_or_else(pkcs12::damaged)?;
            self.certificates.push(certificate);
        }
        Ok(())
    }

    /// Says that something is missing, and what is there in its stead.
    pub(super) fn lacks(&self, reason: Reason) -> Error {
        match self.others.first() {
            Some(other) => of_other(reason, *other),
            None => Error::new(reason),
        }
    }
}

fn of_other(reason: Reason, other: Other) -> Error {
    let (words, advice) = other.words();
    Error::new(reason).detailed(words).advise(advice, false)
}

/// Returns DER without blanks behind it.
fn first_element(der: &[u8]) -> &[u8] {
    let whole = children(der).first().map_or(der, |element| element.whole);
    let behind = der.get(whole.len()..).unwrap_or_default();
    if behind.iter().all(u8::is_ascii_whitespace) { whole } else { der }
}

/// Returns the DER out of base64 without PEM's lines, as forms and consoles show it.
fn bare_base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let packed: Zeroizing<Vec<u8>> =
        Zeroizing::new(text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect());
    let der = Zeroizing::new(base64::engine::general_purpose::STANDARD.decode(&*packed).ok()?);
    (Form::of(&der) != Form::Other(Other::Unknown)).then_some(der)
}

impl Place<'_> {
    fn is_key_or_certificate(&self) -> bool {
        self.label.is_none_or(|label| label.ends_with("PRIVATE KEY") || label.ends_with("CERTIFICATE"))
    }

    fn damaged(&self) -> Error {
        let number = self.number;
        let words = match self.label.map(printable) {
            Some(label) => Bilingual::new(
                format!("PEM block {number} ({label}) is damaged"),
                format!("第 {number} 个 PEM 块（{label}）已损坏"),
            ),
            None => Bilingual::fixed("the DER data is damaged", "DER 数据已损坏"),
        };
        let advice = Bilingual::fixed("copy or export the file again", "请重新复制或导出该文件");
        Error::new(Reason::IdentityUnreadable).detailed(words).advise(advice, false)
    }
}

fn printable(label: &str) -> String {
    label.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(40).collect()
}
