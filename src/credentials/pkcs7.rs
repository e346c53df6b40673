//! PKCS#7 (.p7b, .p7c): the certificates that a SignedData carries. Its signatures are none of our business.

use super::der::{CONTEXT_0, OID, SEQUENCE, children, inside};

/// 1.2.840.113549.1.7.2
const SIGNED_DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];

/// Returns the certificates, as DER; none where there are none.
pub(super) fn certificates(der: &[u8]) -> Vec<Vec<u8>> {
    let outer = inside(der, SEQUENCE).map(children).unwrap_or_default();
    let [kind, content] = outer.as_slice() else { return Vec::new() };
    if kind.tag != OID || kind.content != SIGNED_DATA {
        return Vec::new();
    }
    let fields = inside(content.content, SEQUENCE).map(children).unwrap_or_default();
    let bag = fields.iter().find(|field| field.tag == CONTEXT_0);
    let bag = bag.map(|bag| children(bag.content)).unwrap_or_default();
    bag.iter().filter(|one| one.tag == SEQUENCE).map(|one| one.whole.to_vec()).collect()
}
