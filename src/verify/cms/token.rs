//! Time stamp tokens (RFC 3161).

use super::check::{Checked, Integrity, check};
use super::{SignedData, SignerInfo};
use crate::protocol::Bilingual;
use crate::verify::algorithms::{Hash, Message};
use crate::verify::asn1::{
    Element, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, SEQUENCE, Timed, dotted, generalized,
};
use crate::verify::certificate::Certificate;

const TIME_STAMP_INFO: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04";
const SIGNATURE_TIME_STAMP: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0e";

/// What a token says that it is over.
#[derive(Clone, Debug)]
pub(crate) struct Imprint {
    pub(crate) hash: Option<Hash>,
    pub(crate) hash_name: String,
    digest: Vec<u8>,
}

/// What is found about a token.
#[derive(Clone, Debug)]
pub(crate) struct CheckedToken {
    pub(crate) checked: Checked,
    /// The time, if the token says one.
    pub(crate) time: Option<Timed>,
    pub(crate) imprint: Option<Imprint>,
}

/// Returns the time stamps over a signer's signature value, as they stand.
pub(crate) fn tokens<'a>(signer: &SignerInfo<'a>) -> Vec<&'a [u8]> {
    signer.unsigned_attributes(SIGNATURE_TIME_STAMP).map(|token| token.whole).collect()
}

/// Checks a token over these bytes.
pub(crate) fn token(data: &SignedData<'_>, over: &Message<'_>, others: &[Certificate]) -> CheckedToken {
    let unread = |en, zh| {
        let mut checked = Checked::new(None);
        checked.add(Integrity::Broken, Bilingual::fixed(en, zh));
        CheckedToken { checked, time: None, imprint: None }
    };
    if data.content_type != TIME_STAMP_INFO {
        return unread("the time stamp holds no time stamp information", "时间戳中没有时间戳信息");
    }
    let content = data.content.as_deref().unwrap_or_default();
    let [signer] = data.signers.as_slice() else {
        return unread("the time stamp does not have exactly one signer", "时间戳的签名者不是恰好一个");
    };
    let Some((imprint, time)) = information(content) else {
        return unread("the time stamp information cannot be read", "时间戳信息无法读取");
    };
    let mut checked = check(data, signer, &[content].into(), others);
    match imprint.hash.map(|hash| over.digest(hash)) {
        Some(digest) if digest == imprint.digest => {}
        Some(_) => checked.add(
            Integrity::Broken,
            Bilingual::fixed("the time stamp is over something else", "时间戳对应的是其他内容"),
        ),
        None => checked.add(
            Integrity::Unsupported,
            Bilingual::fixed("the time stamp's hash algorithm is not known here", "不支持时间戳的摘要算法"),
        ),
    }
    CheckedToken { checked, time: Some(time), imprint: Some(imprint) }
}

/// Reads TSTInfo.
fn information(content: &[u8]) -> Option<(Imprint, Timed)> {
    let mut fields = Element::of(content, SEQUENCE)?.inside();
    fields.tagged(INTEGER)?;
    fields.tagged(OID)?;
    let mut imprint = fields.tagged(SEQUENCE)?.inside();
    let named = imprint.tagged(SEQUENCE)?.inside().tagged(OID)?.content;
    let digest = imprint.tagged(OCTET_STRING)?.content.to_vec();
    fields.tagged(INTEGER)?;
    let time = generalized(fields.tagged(GENERALIZED_TIME)?.content)?;
    let hash = Hash::of(named);
    let hash_name = hash.map_or_else(|| dotted(named), |hash| hash.name().to_owned());
    Some((Imprint { hash, hash_name, digest }, time))
}
