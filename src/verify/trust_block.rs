//! Trust without a published root: what a person has looked at once, in the first contract, is pasted into the
//! configuration.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Map, Value};

use super::certificate::Certificate;
use crate::protocol::Error;
use crate::section::Section;

/// The top of a chain, for the `trust` setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrustBlock {
    /// Whose certificate it is: for people.
    pub subject: String,
    /// SHA-256 of the certificate's DER, hexadecimal: this is what is trusted.
    pub sha256: String,
    /// The certificate in base64, for documents that do not carry it.
    pub certificate: Option<String>,
}

impl TrustBlock {
    /// Reads one block of the setting; `None` if it has a problem.
    pub(super) fn read(map: Map<String, Value>, problems: &mut Vec<Error>) -> Option<TrustBlock> {
        let before = problems.len();
        let mut section = Section::new(map, "trust", problems);
        let subject = section.text("subject").map(|text| text.as_str().to_owned()).unwrap_or_default();
        let sha256 = section.some_text("sha256").map(|text| text.to_lowercase().replace(':', ""));
        let certificate = section.some_text("certificate").map(|text| text.as_str().to_owned());
        let is_hash = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match &sha256 {
            None => section.missing("sha256"),
            Some(hash) if !is_hash(hash) => {
                section.wrong("sha256", "must be 64 hexadecimal digits", "应为 64 个十六进制数字");
            }
            Some(_) => {}
        }
        let block = TrustBlock { subject, sha256: sha256.unwrap_or_default(), certificate };
        if block.certificate.is_some() && block.held().is_none() {
            section.wrong(
                "certificate",
                "must be the certificate with this SHA-256, as DER in base64",
                "应为具有该 SHA-256 的证书（DER 的 base64）",
            );
        }
        section.finish();
        (problems.len() == before).then_some(block)
    }

    pub(super) fn of(certificate: &Certificate) -> TrustBlock {
        TrustBlock {
            subject: super::certificate::display(&certificate.subject),
            sha256: certificate.sha256(),
            certificate: Some(STANDARD.encode(certificate.der())),
        }
    }

    /// Returns the certificate that stands in it, if it is the right one.
    pub(super) fn held(&self) -> Option<Certificate> {
        let der = STANDARD.decode(self.certificate.as_deref()?).ok()?;
        Certificate::read(&der).filter(|certificate| certificate.sha256() == self.sha256)
    }
}
