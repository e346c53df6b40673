//! What a certificate may be used for.

use crate::protocol::Bilingual;
use crate::verify::certificate::{Certificate, KeyUse};

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To sign documents.
    Document,
    /// To say what time it is.
    TimeStamp,
}

const ANY: &[u8] = b"\x55\x1d\x25\x00";
const TIME_STAMPING: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x08";
pub(super) const OCSP_SIGNING: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x09";
/// Signing documents (RFC 9336, Microsoft's, Adobe's), mail, and as a client: what certificates that people sign with
/// name.
const DOCUMENTS: [&[u8]; 6] = [
    ANY,
    b"\x2b\x06\x01\x05\x05\x07\x03\x24",
    b"\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x0c",
    b"\x2a\x86\x48\x86\xf7\x2f\x01\x01\x05",
    b"\x2b\x06\x01\x05\x05\x07\x03\x04",
    b"\x2b\x06\x01\x05\x05\x07\x03\x02",
];

/// Says why this certificate may not be used so.
pub(super) fn fault(certificate: &Certificate, purpose: Purpose) -> Option<Bilingual> {
    let extensions = &certificate.extensions;
    if !extensions.allows(&[KeyUse::DigitalSignature, KeyUse::NonRepudiation]) {
        return Some(Bilingual::fixed(
            "the key usage of the certificate does not allow signing",
            "证书的密钥用途不允许签名",
        ));
    }
    match (purpose, &extensions.purposes) {
        (Purpose::Document, None) => None,
        (Purpose::Document, Some(_)) => (!extensions.names_purpose(&DOCUMENTS)).then_some(Bilingual::fixed(
            "the extended key usage of the certificate does not allow signing documents",
            "证书的扩展密钥用途不允许签署文档",
        )),
        (Purpose::TimeStamp, Some((named, true))) if *named == [TIME_STAMPING] => None,
        (Purpose::TimeStamp, _) => Some(Bilingual::fixed(
            "the certificate is not one for time stamps: its extended key usage must be critical and name time stamping \
             alone",
            "证书不是时间戳证书：其扩展密钥用途必须为关键扩展且仅含时间戳",
        )),
    }
}
