//! Whether what is signed is what was signed, and by whom.

use super::SignedData;
use super::signer::{CONTENT_TYPE, MESSAGE_DIGEST, Named, Once, SignerInfo};
use crate::protocol::Bilingual;
use crate::verify::algorithms::{Message, Outcome, check as check_value};
use crate::verify::asn1::OID;
use crate::verify::certificate::Certificate;

/// Whether a signature fits what it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Integrity {
    Ok,
    /// Nobody here can say.
    Unsupported,
    Broken,
}

/// What is found about one signer.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) integrity: Integrity,
    /// Why it is not `Ok`.
    pub(crate) reasons: Vec<Bilingual>,
    /// What weakens it, and does not break it.
    pub(crate) notes: Vec<Bilingual>,
    pub(crate) certificate: Option<Certificate>,
}

pub(crate) const WRONG_DIGEST: Bilingual = Bilingual::fixed(
    "the signed bytes have another digest: they were changed after signing",
    "签名覆盖的内容摘要不符：签名后内容被改动",
);
const WRONG_VALUE: Bilingual =
    Bilingual::fixed("the signature value does not fit the signer's key", "签名值与签名者的密钥不符");
const TWO_HASHES: Bilingual = Bilingual::fixed(
    "the signature algorithm names another hash than the signer does (RFC 5754)",
    "签名算法所用的摘要算法与签名者声明的不同（RFC 5754）",
);
const NO_HASH: Bilingual = Bilingual::fixed("the hash algorithm is not known here", "不支持该摘要算法");

impl Checked {
    /// Makes one that says nothing yet but good.
    pub(crate) fn new(certificate: Option<Certificate>) -> Checked {
        Checked { integrity: Integrity::Ok, reasons: Vec::new(), notes: Vec::new(), certificate }
    }

    /// Notes what is wrong.
    pub(crate) fn add(&mut self, integrity: Integrity, reason: Bilingual) {
        // The worst comes first.
        let place = if integrity > self.integrity { 0 } else { self.reasons.len() };
        self.integrity = self.integrity.max(integrity);
        self.reasons.insert(place, reason);
    }
}

/// Returns the certificate that a signer names.
pub(crate) fn certificate_of<'c>(
    data: &'c SignedData<'_>,
    signer: &SignerInfo<'_>,
    others: &'c [Certificate],
) -> Option<&'c Certificate> {
    let named = |certificate: &&Certificate| signer.id.names(certificate);
    let mut fitting = data.certificates.iter().chain(others).filter(named);
    // Of several with one number, the one that the signer means.
    let first = fitting.next()?;
    let meant = |certificate: &&Certificate| matches!(signer.names(certificate), Some(Named::It));
    if meant(&first) { Some(first) } else { fitting.find(meant).or(Some(first)) }
}

/// Checks a signer over this content; `others` are certificates that the document has elsewhere.
pub(crate) fn check(
    data: &SignedData<'_>,
    signer: &SignerInfo<'_>,
    content: &Message<'_>,
    others: &[Certificate],
) -> Checked {
    let certificate = certificate_of(data, signer, others).cloned();
    let mut checked = Checked::new(certificate.clone());
    attributes(data, signer, content, &mut checked);
    let Some(certificate) = certificate else {
        checked.add(
            Integrity::Unsupported,
            Bilingual::fixed("the signer's certificate is not in the document", "文档中没有签名者的证书"),
        );
        return checked;
    };
    if let (Some(named), Some(digest)) = (signer.scheme.hash(), signer.hash)
        && named != digest
    {
        checked.add(Integrity::Broken, TWO_HASHES);
    }
    let attributes = signer.signed_bytes().map(Message::from);
    let message = attributes.as_ref().unwrap_or(content);
    match check_value(&certificate.key, &signer.scheme, signer.hash, message, &signer.signature) {
        Outcome::Right => {}
        Outcome::Wrong => checked.add(Integrity::Broken, WRONG_VALUE),
        Outcome::Unsupported(reason) => checked.add(Integrity::Unsupported, reason),
    }
    match signer.names(&certificate) {
        Some(Named::It) => {}
        Some(Named::Unknown) => checked.add(Integrity::Unsupported, NO_HASH),
        Some(Named::Another) => checked.add(
            Integrity::Broken,
            Bilingual::fixed(
                "the attribute signing-certificate names another certificate",
                "signing-certificate 属性指向另一张证书",
            ),
        ),
        None => checked.notes.push(Bilingual::fixed(
            "no signed attribute names the signer's certificate, so another one with the same key could take its place",
            "没有签名属性指明签名者的证书，可被使用同一密钥的其他证书替换",
        )),
    }
    checked
}

/// Checks the signed attributes.
fn attributes(data: &SignedData<'_>, signer: &SignerInfo<'_>, content: &Message<'_>, checked: &mut Checked) {
    let broken = |checked: &mut Checked, en, zh| checked.add(Integrity::Broken, Bilingual::fixed(en, zh));
    if signer.signed.is_none() {
        if !is_plain(data.content_type) {
            broken(checked, "what is signed needs signed attributes", "该内容类型必须带签名属性");
        }
        return;
    }
    match signer.once(MESSAGE_DIGEST) {
        Once::There(digest) => match signer.hash.map(|hash| content.digest(hash)) {
            Some(found) if digest.octets().as_deref() == Some(&found) => {}
            Some(_) => checked.add(Integrity::Broken, WRONG_DIGEST),
            None => checked.add(Integrity::Unsupported, NO_HASH),
        },
        Once::Absent => {
            broken(checked, "the attribute message-digest is missing", "缺少 message-digest 属性")
        }
        Once::Ambiguous => {
            broken(checked, "the attribute message-digest is there twice", "message-digest 属性重复")
        }
    }
    match signer.once(CONTENT_TYPE) {
        Once::There(kind) if kind.tag == OID && kind.content == data.content_type => {}
        Once::There(_) => broken(
            checked,
            "the attribute content-type names another type than the signature has",
            "content-type 属性与签名的内容类型不符",
        ),
        Once::Absent => broken(checked, "the attribute content-type is missing", "缺少 content-type 属性"),
        Once::Ambiguous => {
            broken(checked, "the attribute content-type is there twice", "content-type 属性重复")
        }
    }
}

/// Says whether this is the type of plain data, whose signature may do without attributes.
fn is_plain(content_type: &[u8]) -> bool {
    matches!(
        content_type,
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01" | b"\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02\x01"
    )
}
