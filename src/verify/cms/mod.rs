//! SignedData as it stands: BER as well as DER, with the signed attributes hashed over the very bytes that are there.

mod check;
mod signer;
mod token;

use std::borrow::Cow;

use super::asn1::{Element, INTEGER, OID, Reader, SEQUENCE, SET, context, implicit};
use super::certificate::Certificate;
use crate::protocol::Bilingual;

pub(crate) use check::{Checked, Integrity, WRONG_DIGEST, certificate_of, check};
pub(crate) use signer::SignerInfo;
pub(crate) use token::{CheckedToken, token, tokens};

/// Most certificates, lists and signers that are looked at.
const MAX_ENTRIES: usize = 256;

/// A signature as CMS or GM/T 0010 writes it.
#[derive(Debug)]
pub(crate) struct SignedData<'a> {
    /// The object identifier of what is signed.
    pub(crate) content_type: &'a [u8],
    /// What is signed, if it is within.
    pub(crate) content: Option<Cow<'a, [u8]>>,
    pub(crate) certificates: Vec<Certificate>,
    /// Revocation lists and answers of responders, as DER.
    pub(crate) crls: Vec<&'a [u8]>,
    pub(crate) ocsps: Vec<&'a [u8]>,
    pub(crate) signers: Vec<SignerInfo<'a>>,
}

/// `signedData` of PKCS#7 and of GM/T 0010.
const SIGNED_DATA: [&[u8]; 2] =
    [b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", b"\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02\x02"];
/// An answer of a responder among revocation information.
const OCSP_RESPONSE: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x10\x02";

const NO_SIGNED_DATA: Bilingual =
    Bilingual::fixed("the signature cannot be read as CMS SignedData", "签名内容不是可读取的 CMS SignedData");

/// Reads a signature; what follows it, such as the zeros of its place in a PDF, is left out.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn read(bytes: &[u8]) -> Result<SignedData<'_>, Bilingual> {
    let whole = Element::of(bytes, SEQUENCE).ok_or(NO_SIGNED_DATA)?;
    let mut outer = whole.inside();
    let kind = outer.tagged(OID).ok_or(NO_SIGNED_DATA)?;
    if !SIGNED_DATA.contains(&kind.content) {
        return Err(Bilingual::fixed(
            "the signature is CMS, but no SignedData",
            "签名是 CMS，但不是 SignedData",
        ));
    }
    let held = outer.tagged(context(0)).and_then(|held| Element::of(held.content, SEQUENCE));
    fields(held.ok_or(NO_SIGNED_DATA)?.inside()).ok_or(NO_SIGNED_DATA)
}

fn fields<'a>(mut fields: Reader<'a>) -> Option<SignedData<'a>> {
    fields.tagged(INTEGER)?;
    fields.tagged(SET)?;
    let mut content = fields.tagged(SEQUENCE)?.inside();
    let content_type = content.tagged(OID)?.content;
    let content = match content.tagged(context(0)) {
        Some(held) => Some(within(&held)?),
        None => None,
    };
    let mut found = SignedData {
        content_type,
        content,
        certificates: Vec::new(),
        crls: Vec::new(),
        ocsps: Vec::new(),
        signers: Vec::new(),
    };
    if let Some(held) = fields.tagged(context(0)) {
        let each = held.inside().filter(|one| one.tag == SEQUENCE).take(MAX_ENTRIES);
        found.certificates.extend(each.filter_map(|one| Certificate::read(one.whole)));
    }
    if let Some(held) = fields.tagged(context(1)) {
        held.inside().take(MAX_ENTRIES).for_each(|one| found.revocation(&one));
    }
    let mut signers = fields.tagged(SET)?.inside();
    for signer in signers.by_ref().take(MAX_ENTRIES) {
        found.signers.push(SignerInfo::read(&signer)?);
    }
    signers.is_empty().then_some(found)
}

/// Returns the content within `[0]`: an octet string's, of PKCS#7 before CMS anything's.
fn within<'a>(held: &Element<'a>) -> Option<Cow<'a, [u8]>> {
    let content = Element::first(held.content)?;
    match content.tag {
        0x04 | 0x24 => content.octets(),
        _ => Some(Cow::Borrowed(content.content)),
    }
}

impl<'a> SignedData<'a> {
    fn revocation(&mut self, one: &Element<'a>) {
        if one.tag == SEQUENCE {
            self.crls.push(one.whole);
        } else if one.tag == context(1) {
            let mut fields = one.inside();
            if fields.tagged(OID).is_some_and(|kind| kind.content == OCSP_RESPONSE)
                && let Some(response) = fields.tagged(SEQUENCE)
            {
                self.ocsps.push(response.whole);
            }
        }
    }

    /// Takes what a signer has among its attributes to prove that certificates are not revoked.
    pub(crate) fn archived(&mut self) {
        for signer in &self.signers {
            // Adobe's, signed; and CAdES's, not signed.
            for oid in [&b"\x2a\x86\x48\x86\xf7\x2f\x01\x01\x08"[..], REVOCATION_VALUES] {
                let held = signer.attribute(oid).or_else(|| signer.unsigned_attribute(oid));
                let Some(held) = held.filter(|held| held.tag == SEQUENCE) else { continue };
                for group in held.inside() {
                    let each = Element::of(group.content, SEQUENCE);
                    let each = each.into_iter().flat_map(|list| list.inside()).take(MAX_ENTRIES);
                    let each = each.map(|one| one.whole);
                    match group.tag {
                        tag if tag == context(0) => self.crls.extend(each),
                        tag if tag == context(1) => self.ocsps.extend(each),
                        _ => {}
                    }
                }
            }
            if let Some(held) = signer.unsigned_attribute(CERTIFICATE_VALUES) {
                let each = held.inside().take(MAX_ENTRIES);
                self.certificates.extend(each.filter_map(|one| Certificate::read(one.whole)));
            }
        }
    }
}

const CERTIFICATE_VALUES: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x17";
const REVOCATION_VALUES: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x18";

/// Who a signer says that it is.
#[derive(Clone, Debug)]
pub(crate) enum SignerId<'a> {
    /// The issuer's name as DER, and the serial number.
    Serial(&'a [u8], &'a [u8]),
    KeyId(&'a [u8]),
}

impl SignerId<'_> {
    fn read<'a>(fields: &mut Reader<'a>) -> Option<SignerId<'a>> {
        if let Some(key) = fields.tagged(implicit(0)) {
            return Some(SignerId::KeyId(key.content));
        }
        let mut named = fields.tagged(SEQUENCE)?.inside();
        let issuer = named.tagged(SEQUENCE)?.whole;
        Some(SignerId::Serial(issuer, named.tagged(INTEGER)?.content))
    }

    /// Says whether it names this certificate.
    fn names(&self, certificate: &Certificate) -> bool {
        match self {
            SignerId::Serial(issuer, serial) => {
                let trimmed = |number: &[u8]| {
                    let zeros = number.iter().take_while(|byte| **byte == 0).count();
                    number.get(zeros..).unwrap_or_default().to_vec()
                };
                trimmed(serial) == trimmed(&certificate.serial) && certificate.has_issuer(issuer)
            }
            SignerId::KeyId(key) => certificate.extensions.subject_key.as_deref() == Some(key),
        }
    }
}
