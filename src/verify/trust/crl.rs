//! Revocation lists (RFC 5280).

use super::path::Pool;
use super::revocation::{Said, is_timely};
use crate::verify::algorithms::{Outcome, Scheme, check};
use crate::verify::asn1::{
    BIT_STRING, BOOLEAN, Element, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE, Timed, context, implicit,
    time,
};
use crate::verify::certificate::{Certificate, KeyUse};

/// What reading the beginning of a list costs, in nanoseconds.
const READING: usize = 2_000;
const DISTRIBUTION_POINT: &[u8] = b"\x55\x1d\x1c";
const DELTA: &[u8] = b"\x55\x1d\x1b";

/// A list that is still to be looked through.
struct List<'a> {
    whole: Element<'a>,
    issuer: Element<'a>,
    this_update: Timed,
    next_update: Option<Timed>,
    revoked: Option<Element<'a>>,
    extensions: Option<Element<'a>>,
    scheme: Scheme,
    signature: &'a [u8],
}

/// Says what a list tells of a certificate.
pub(super) fn said(
    pool: Pool<'_>,
    bytes: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    at: Timed,
) -> Said {
    let Some(list) = read(bytes).filter(|_| pool.budget.spend(READING)) else { return Said::Nothing };
    if !issuer.has_subject(list.issuer.whole) || !issuer.extensions.allows(&[KeyUse::CrlSign]) {
        return Said::Nothing;
    }
    let Some(is_complete) = scope(&list, certificate) else { return Said::Nothing };
    let cost = issuer.key.cost().saturating_add(bytes.len().saturating_mul(8));
    if !pool.budget.spend(cost) {
        return Said::Nothing;
    }
    let signed = check(&issuer.key, &list.scheme, None, &[list.whole.whole].into(), list.signature);
    if signed != Outcome::Right {
        return Said::Nothing;
    }
    match find(&list, certificate) {
        Some(since) => Said::Revoked(since),
        None if is_complete && is_timely(list.this_update, list.next_update, at) => Said::Good,
        None => Said::Nothing,
    }
}

fn read(bytes: &[u8]) -> Option<List<'_>> {
    let mut outer = Element::of(bytes, SEQUENCE)?.inside();
    let whole = outer.tagged(SEQUENCE)?;
    let scheme = Scheme::read(&outer.tagged(SEQUENCE)?)?;
    let signature = outer.tagged(BIT_STRING)?.bits()?;
    let mut fields = whole.inside();
    fields.tagged(INTEGER);
    fields.tagged(SEQUENCE)?;
    let issuer = fields.tagged(SEQUENCE)?;
    let this_update = time(&fields.next()?)?;
    let mut ahead = fields.clone();
    let next_update = ahead.next().and_then(|next| time(&next));
    if next_update.is_some() {
        fields = ahead;
    }
    let revoked = fields.tagged(SEQUENCE);
    let extensions = fields.tagged(context(0));
    Some(List { whole, issuer, this_update, next_update, revoked, extensions, scheme, signature })
}

/// Says whether a list that does not name this certificate says that it is good; `None` if it is not about it, or nobody
/// here can say.
fn scope(list: &List<'_>, certificate: &Certificate) -> Option<bool> {
    let mut is_complete = true;
    let extensions = list.extensions.and_then(|held| held.inside().tagged(SEQUENCE));
    for extension in extensions.map_or(Reader::new(&[]), |list| list.inside()) {
        let mut fields = extension.inside();
        let oid = fields.tagged(OID)?.content;
        let is_critical = fields.tagged(BOOLEAN).is_some_and(|flag| flag.content != [0]);
        let value = fields.tagged(OCTET_STRING)?.content;
        match oid {
            DELTA => is_complete = false,
            DISTRIBUTION_POINT => {
                let is_authority = certificate.extensions.is_authority();
                for field in Element::of(value, SEQUENCE)?.inside() {
                    let is_set = field.content != [0];
                    match field.tag {
                        tag if tag == implicit(1) && is_set && is_authority => return None,
                        tag if tag == implicit(2) && is_set && !is_authority => return None,
                        tag if tag == implicit(3) => is_complete = false,
                        // An indirect list is about others' certificates too, one of attributes about none.
                        tag if (tag == implicit(4) || tag == implicit(5)) && is_set => return None,
                        _ => {}
                    }
                }
            }
            _ if is_critical => return None,
            _ => {}
        }
    }
    Some(is_complete)
}

/// Returns since when the list has this certificate.
fn find(list: &List<'_>, certificate: &Certificate) -> Option<Timed> {
    let entries = list.revoked?.inside();
    let found = entries.filter_map(|entry| {
        let mut fields = entry.inside();
        let serial = fields.tagged(INTEGER)?;
        (serial.content == certificate.serial).then(|| fields.next().and_then(|since| time(&since)))
    });
    // A time that cannot be read does not make it less revoked.
    found.map(|since| since.unwrap_or(Timed::MIN)).min()
}
