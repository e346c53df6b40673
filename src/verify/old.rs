//! The two old kinds of signature in PDFs, which PDF 2.0 has deprecated: a PKCS#7 over a SHA-1 digest, and a bare RSA
//! value with the certificates beside it.

use super::algorithms::{Hash, Message, Outcome, Scheme, check};
use super::asn1::Element;
use super::certificate::Certificate;
use super::cms::{self, Checked, Integrity, SignedData};
use crate::pdf::{PdfFile, Signature, Value};
use crate::protocol::Bilingual;

pub(super) const X509: &str = "adbe.x509.rsa_sha1";
pub(super) const SHA1: &str = "adbe.pkcs7.sha1";

/// Most certificates that stand beside a bare value.
const MAX_CERTIFICATES: usize = 64;

/// Returns the certificates beside a bare value, the signer's first.
pub(super) fn certificates(pdf: &PdfFile, signature: &Signature) -> Vec<Certificate> {
    let held = signature.object.dict().map(|dict| pdf.entry(dict, "Cert"));
    let list = match held.and_then(Result::ok) {
        Some(Value::Array(items)) => {
            items.iter().take(MAX_CERTIFICATES).filter_map(|item| pdf.resolve(&item.value).ok()).collect()
        }
        Some(one) => vec![one],
        None => Vec::new(),
    };
    list.iter().filter_map(|one| Certificate::read(one.string()?)).collect()
}

/// Checks a bare value, and returns the hash that it is over.
pub(super) fn bare(
    contents: &[u8],
    certificate: Option<Certificate>,
    content: &Message<'_>,
) -> (Checked, Hash) {
    let mut checked = Checked::new(certificate.clone());
    let (Some(certificate), Some(value)) = (certificate, Element::first(contents).and_then(|it| it.octets()))
    else {
        checked.add(
            Integrity::Unsupported,
            Bilingual::fixed(
                "the bare signature or its certificate cannot be read",
                "签名值或其证书无法读取",
            ),
        );
        return (checked, Hash::Sha1);
    };
    // Its name says SHA-1; later versions of PDF allow others.
    for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        match check(&certificate.key, &Scheme::Rsa(hash), None, content, &value) {
            Outcome::Right => return (checked, hash),
            Outcome::Wrong => {}
            Outcome::Unsupported(reason) => {
                checked.add(Integrity::Unsupported, reason);
                return (checked, hash);
            }
        }
    }
    checked.add(
        Integrity::Broken,
        Bilingual::fixed("the signature value does not fit the document", "签名值与文档不符"),
    );
    (checked, Hash::Sha1)
}

/// Checks a PKCS#7 that holds the SHA-1 digest of the document.
pub(super) fn over_digest(data: &SignedData<'_>, content: &Message<'_>, others: &[Certificate]) -> Checked {
    let held = data.content.as_deref().unwrap_or_default();
    let mut checked = match data.signers.as_slice() {
        [signer] => cms::check(data, signer, &[held].into(), others),
        _ => {
            let mut checked = Checked::new(None);
            checked.add(
                Integrity::Unsupported,
                Bilingual::fixed(
                    "the signature does not have exactly one signer",
                    "签名的签名者不是恰好一个",
                ),
            );
            checked
        }
    };
    if held != content.digest(Hash::Sha1) {
        checked.add(Integrity::Broken, cms::WRONG_DIGEST);
    }
    checked
}
