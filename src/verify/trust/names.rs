//! The names that a CA may issue certificates for (RFC 5280, 4.2.1.10).

use crate::verify::asn1::{Element, SEQUENCE, context, implicit};
use crate::verify::certificate::{Certificate, attributes, name_starts_with};

/// Most subtrees and names that are compared.
const MAX_NAMES: usize = 256;

/// One name of a certificate, or one that a constraint is about: its tag as a GeneralName, and its content.
struct Name<'a> {
    tag: u8,
    content: &'a [u8],
}

const MAIL: u8 = implicit(1);
const DNS: u8 = implicit(2);
const DIRECTORY: u8 = context(4);
const ADDRESS: u8 = implicit(7);
const MAIL_ATTRIBUTE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01";

/// Says whether a CA with these constraints may issue this certificate. What cannot be read is not allowed.
pub(super) fn allow(constraints: &[u8], certificate: &Certificate) -> bool {
    allowed(constraints, certificate) == Some(true)
}

fn allowed(constraints: &[u8], certificate: &Certificate) -> Option<bool> {
    let mut fields = Element::of(constraints, SEQUENCE)?.inside();
    let permitted = subtrees(fields.tagged(context(0)))?;
    let excluded = subtrees(fields.tagged(context(1)))?;
    let mut mail = Vec::new();
    let names = names(certificate, &mut mail)?;
    Some(names.iter().all(|name| {
        let same_kind = |base: &&Name<'_>| base.tag == name.tag;
        let inside = |base: &Name<'_>| within(name, base);
        let is_permitted = !permitted.iter().any(|base| base.tag == name.tag)
            || permitted.iter().filter(same_kind).any(|base| inside(base) == Some(true));
        is_permitted && excluded.iter().filter(same_kind).all(|base| inside(base) == Some(false))
    }))
}

fn subtrees<'a>(held: Option<Element<'a>>) -> Option<Vec<Name<'a>>> {
    let mut found = Vec::new();
    for subtree in held.iter().flat_map(Element::inside) {
        let base = Element::of(subtree.whole, SEQUENCE)?.inside().next()?;
        found.push(Name { tag: base.tag, content: base.content });
    }
    (found.len() <= MAX_NAMES).then_some(found)
}

/// Returns all names of a certificate; the mail addresses in its subject count if it has no others.
fn names<'a>(certificate: &'a Certificate, mail: &'a mut Vec<String>) -> Option<Vec<Name<'a>>> {
    let mut names = Vec::new();
    if let Some(others) = &certificate.extensions.other_names {
        let each = Element::of(others, SEQUENCE)?.inside();
        names.extend(each.map(|name| Name { tag: name.tag, content: name.content }));
    }
    let subject = attributes(&certificate.subject);
    if !subject.is_empty() {
        names.push(Name { tag: DIRECTORY, content: &certificate.subject });
    }
    if !names.iter().any(|name| name.tag == MAIL) {
        mail.extend(subject.into_iter().filter(|part| part.kind == MAIL_ATTRIBUTE).map(|part| part.text));
        names.extend(mail.iter().map(|address| Name { tag: MAIL, content: address.as_bytes() }));
    }
    (names.len() <= MAX_NAMES).then_some(names)
}

/// Says whether a name lies within a subtree; `None` if nobody here can say.
fn within(name: &Name<'_>, base: &Name<'_>) -> Option<bool> {
    let lower = |text: &[u8]| Some(std::str::from_utf8(text).ok()?.to_lowercase());
    match base.tag {
        DIRECTORY => Some(name_starts_with(name.content, base.content)),
        DNS => Some(host_within(&lower(name.content)?, &lower(base.content)?)),
        MAIL => {
            let (name, base) = (lower(name.content)?, lower(base.content)?);
            if base.contains('@') {
                return Some(name == base);
            }
            let (_, host) = name.rsplit_once('@')?;
            Some(if base.starts_with('.') { host.ends_with(&base) } else { host == base })
        }
        ADDRESS => {
            let (network, mask) = base.content.split_at_checked(name.content.len())?;
            let masked = name.content.iter().zip(mask).map(|(byte, mask)| byte & mask);
            (network.len() == mask.len()).then(|| masked.eq(network.iter().copied()))
        }
        _ => None,
    }
}

fn host_within(name: &str, base: &str) -> bool {
    let base = base.strip_prefix('.').unwrap_or(base);
    base.is_empty() || name == base || name.strip_suffix(base).is_some_and(|front| front.ends_with('.'))
}
