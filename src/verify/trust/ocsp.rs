//! Answers of responders (RFC 6960).

use super::path::Pool;
use super::revocation::{Said, is_timely};
use super::usage::OCSP_SIGNING;
use crate::verify::algorithms::{Hash, Outcome, Scheme, check};
use crate::verify::asn1::{
    BIT_STRING, ENUMERATED, Element, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, SEQUENCE, Timed, context,
    generalized, implicit,
};
use crate::verify::certificate::Certificate;

/// Most certificates of an answer that are looked at.
const MAX_CERTIFICATES: usize = 32;
/// What reading an answer costs beside its bytes, in nanoseconds.
const READING: usize = 5_000;
const BASIC: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x01";

/// An answer, and its signature.
struct Answer<'a> {
    data: Element<'a>,
    scheme: Scheme,
    signature: &'a [u8],
    certificates: Vec<Certificate>,
}

/// Returns the certificates in an answer.
pub(super) fn certificates(bytes: &[u8]) -> Vec<Certificate> {
    read(bytes).map(|answer| answer.certificates).unwrap_or_default()
}

/// Says what an answer tells of a certificate.
pub(super) fn said(
    pool: Pool<'_>,
    bytes: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    at: Timed,
) -> Said {
    if !pool.budget.spend(READING.saturating_add(bytes.len().saturating_mul(4))) {
        return Said::Nothing;
    }
    read(bytes).and_then(|answer| heard(pool, &answer, certificate, issuer, at)).unwrap_or(Said::Nothing)
}

/// Reads an answer with or without the status around it.
fn read(bytes: &[u8]) -> Option<Answer<'_>> {
    let whole = Element::of(bytes, SEQUENCE)?;
    let mut fields = whole.inside();
    let basic = match fields.tagged(ENUMERATED) {
        None => whole,
        Some(status) if status.small() == Some(0) => {
            let mut held = Element::of(fields.tagged(context(0))?.content, SEQUENCE)?.inside();
            let kind = held.tagged(OID)?;
            let basic = held.tagged(OCTET_STRING).filter(|_| kind.content == BASIC)?;
            Element::of(basic.content, SEQUENCE)?
        }
        Some(_) => return None,
    };
    let mut fields = basic.inside();
    let data = fields.tagged(SEQUENCE)?;
    let scheme = Scheme::read(&fields.tagged(SEQUENCE)?)?;
    let signature = fields.tagged(BIT_STRING)?.bits()?;
    let held = fields.tagged(context(0)).and_then(|held| Element::of(held.content, SEQUENCE));
    let each = held.iter().flat_map(Element::inside).take(MAX_CERTIFICATES);
    let certificates = each.filter_map(|one| Certificate::read(one.whole)).collect();
    Some(Answer { data, scheme, signature, certificates })
}

fn heard(
    pool: Pool<'_>,
    answer: &Answer<'_>,
    certificate: &Certificate,
    issuer: &Certificate,
    at: Timed,
) -> Option<Said> {
    let mut fields = answer.data.inside();
    fields.tagged(context(0));
    fields.next()?;
    let produced = generalized(fields.tagged(GENERALIZED_TIME)?.content)?;
    let mut each = fields.tagged(SEQUENCE)?.inside();
    let single = each.find(|single| is_about(single, certificate, issuer) == Some(true))?;
    if !is_signed(pool, answer, issuer, produced) {
        return None;
    }
    let mut fields = single.inside();
    fields.tagged(SEQUENCE)?;
    let status = fields.next()?;
    let this_update = generalized(fields.tagged(GENERALIZED_TIME)?.content)?;
    let next_update =
        fields.tagged(context(0)).and_then(|held| generalized(Element::first(held.content)?.content));
    Some(match status.tag {
        tag if tag == implicit(0) && is_timely(this_update, next_update, at) => Said::Good,
        tag if tag == context(1) => {
            let since = status.inside().tagged(GENERALIZED_TIME).and_then(|since| generalized(since.content));
            Said::Revoked(since.unwrap_or(Timed::MIN))
        }
        _ => Said::Nothing,
    })
}

/// Says whether an answer is about this certificate of this issuer's.
fn is_about(single: &Element<'_>, certificate: &Certificate, issuer: &Certificate) -> Option<bool> {
    let mut id = single.inside().tagged(SEQUENCE)?.inside();
    let hash = Hash::of(id.tagged(SEQUENCE)?.inside().tagged(OID)?.content)?;
    let (name, key) = (id.tagged(OCTET_STRING)?.content, id.tagged(OCTET_STRING)?.content);
    let serial = id.tagged(INTEGER)?.content;
    Some(
        serial == certificate.serial
            && name == hash.digest(&[&certificate.issuer])
            && key == hash.digest(&[&issuer.key_bits]),
    )
}

/// Says whether an answer is signed by the issuer, or by a responder that it has a certificate for.
fn is_signed(pool: Pool<'_>, answer: &Answer<'_>, issuer: &Certificate, produced: Timed) -> bool {
    let is_right = |responder: &Certificate| {
        let cost = responder.key.cost().saturating_add(answer.data.whole.len());
        let signed =
            || check(&responder.key, &answer.scheme, None, &[answer.data.whole].into(), answer.signature);
        pool.budget.spend(cost) && signed() == Outcome::Right
    };
    let is_delegate = |responder: &Certificate| {
        responder.extensions.names_purpose(&[OCSP_SIGNING])
            && responder.is_valid_at(produced)
            && responder.extensions.unknown.is_empty()
            && pool.signed(responder, issuer) == Outcome::Right
    };
    let delegates = answer.certificates.iter().chain(&pool.evidence.certificates);
    is_right(issuer) || delegates.filter(|one| is_delegate(one)).any(is_right)
}
