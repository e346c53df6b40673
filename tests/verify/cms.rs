//! CMS signatures written by the tests, in every form that occurs.

use sha2::{Digest, Sha256};

pub const SHA256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
pub const ECDSA_SHA256: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
pub const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
pub const TST_INFO: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04";

/// Makes a time stamp's token over a signature.
pub type Stamp<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

/// How a signature is written.
pub struct Form<'a> {
    pub digest_oid: &'a [u8],
    pub hash: &'a dyn Fn(&[u8]) -> Vec<u8>,
    pub scheme: Vec<u8>,
    pub signed_data: &'a [u8],
    pub content_type: &'a [u8],
    pub content: Option<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
    /// Indefinite lengths around everything but the signed attributes.
    pub ber: bool,
    /// The attributes in the order in which they are written here, not in that of DER.
    pub unordered: bool,
    pub without_attributes: bool,
    /// Names another certificate in signing-certificate-v2; an empty one: no such attribute.
    pub names: Option<Vec<u8>>,
    /// The time stamp over the signature value.
    pub stamp: Option<Stamp<'a>>,
}

impl Default for Form<'_> {
    fn default() -> Self {
        Form {
            digest_oid: SHA256,
            hash: &|bytes| Sha256::digest(bytes).to_vec(),
            scheme: der(0x30, &[&der(6, &[ECDSA_SHA256])]),
            signed_data: b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
            content_type: DATA,
            content: None,
            certificates: Vec::new(),
            ber: false,
            unordered: false,
            without_attributes: false,
            names: None,
            stamp: None,
        }
    }
}

/// Writes one element.
pub fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let digits: Vec<u8> = content.len().to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
    let mut out = vec![tag];
    match content.len() {
        0..=127 => out.push(u8::try_from(content.len()).unwrap()),
        _ => {
            out.push(0x80 | u8::try_from(digits.len()).unwrap());
            out.extend(digits);
        }
    }
    [out, content].concat()
}

/// The content of an element of this tag at the beginning.
fn content(bytes: &[u8]) -> &[u8] {
    let length = usize::from(bytes[1]);
    match length {
        0..=127 => &bytes[2..2 + length],
        _ => {
            let count = length & 0x7f;
            let length = bytes[2..2 + count].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            &bytes[2 + count..2 + count + length]
        }
    }
}

fn whole(bytes: &[u8]) -> &[u8] {
    let inner = content(bytes);
    &bytes[..inner.as_ptr() as usize - bytes.as_ptr() as usize + inner.len()]
}

/// Issuer and serial number of a certificate.
fn issuer_and_serial(certificate: &[u8]) -> Vec<u8> {
    let mut rest = content(content(certificate));
    let mut next = || {
        let found = whole(rest);
        rest = &rest[found.len()..];
        found
    };
    next();
    let serial = next();
    next();
    der(0x30, &[next(), serial])
}

impl Form<'_> {
    fn wrap(&self, tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        if self.ber && tag & 0x20 != 0 {
            [&[tag, 0x80], &parts.concat()[..], &[0, 0]].concat()
        } else {
            der(tag, parts)
        }
    }

    fn attributes(&self, signed: &[u8]) -> Vec<u8> {
        let attribute = |oid: &[u8], value: &[u8]| der(0x30, &[&der(6, &[oid]), &der(0x31, &[value])]);
        let held = self.content.as_deref().filter(|held| !held.is_empty());
        let digest = (self.hash)(held.unwrap_or(signed));
        let named = self.names.clone().unwrap_or_else(|| self.certificates[0].clone());
        let id = der(0x30, &[&der(0x30, &[&der(0x30, &[&der(4, &[&Sha256::digest(&named)])])])]);
        let mut all = vec![
            attribute(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03", &der(6, &[self.content_type])),
            attribute(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04", &der(4, &[&digest])),
            attribute(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05", &der(0x17, &[b"260101000000Z"])),
        ];
        if !named.is_empty() {
            all.push(attribute(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f", &id));
        }
        all.sort();
        if self.unordered {
            all.reverse();
        }
        all.concat()
    }

    /// Signs these bytes; `sign` makes the signature value.
    pub fn sign(&self, signed: &[u8], sign: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let attributes = self.attributes(signed);
        let value = sign(&if self.without_attributes { signed.to_vec() } else { der(0x31, &[&attributes]) });
        let algorithm = der(0x30, &[&der(6, &[self.digest_oid]), &[5, 0]]);
        let id = issuer_and_serial(&self.certificates[0]);
        let mut signer = vec![der(2, &[&[1]]), id, algorithm.clone()];
        if !self.without_attributes {
            signer.push(der(0xa0, &[&attributes]));
        }
        signer.extend([self.scheme.clone(), der(4, &[&value])]);
        if let Some(stamp) = self.stamp {
            let oid = der(6, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0e"]);
            signer.push(self.wrap(0xa1, &[&self.wrap(0x30, &[&oid, &self.wrap(0x31, &[&stamp(&value)])])]));
        }
        let parts = |all: &[Vec<u8>]| all.concat();
        let held = self.content.as_ref().map(|held| {
            let octets = if self.ber {
                let (first, second) = held.split_at(held.len() / 2);
                self.wrap(0x24, &[&der(4, &[first]), &der(4, &[second])])
            } else {
                der(4, &[held])
            };
            self.wrap(0xa0, &[&octets])
        });
        let data = self.wrap(
            0x30,
            &[
                &der(2, &[&[1]]),
                &self.wrap(0x31, &[&algorithm]),
                &self.wrap(0x30, &[&der(6, &[self.content_type]), &held.unwrap_or_default()]),
                &self.wrap(0xa0, &[&parts(&self.certificates)]),
                &self.wrap(0x31, &[&self.wrap(0x30, &[&parts(&signer)])]),
            ],
        );
        self.wrap(0x30, &[&der(6, &[self.signed_data]), &self.wrap(0xa0, &[&data])])
    }
}

/// The time stamp information over what has this hash, at this time (`20260101000000Z`).
pub fn information(hash: &[u8], digest: &[u8], time: &str) -> Vec<u8> {
    let algorithm = der(0x30, &[&der(6, &[hash]), &[5, 0]]);
    let imprint = der(0x30, &[&algorithm, &der(4, &[digest])]);
    der(
        0x30,
        &[
            &der(2, &[&[1]]),
            &der(6, &[b"\x2a\x03"]),
            &imprint,
            &der(2, &[&[9]]),
            &der(0x18, &[time.as_bytes()]),
        ],
    )
}
