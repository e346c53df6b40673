//! Whether a certificate was revoked, by what the document carries: lists, and answers of responders.

use super::path::Pool;
use super::{crl, ocsp};
use crate::credentials::rfc3339;
use crate::protocol::Bilingual;
use crate::verify::asn1::Timed;
use crate::verify::certificate::{Certificate, shown};

/// Most certificates and other pieces that are kept.
const MAX_CERTIFICATES: usize = 1024;
const MAX_PIECES: usize = 512;
/// Most bytes that they come to.
const MAX_KEPT: usize = 32 << 20;

/// What a document carries to prove its signatures by.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) certificates: Vec<Certificate>,
    crls: Vec<Vec<u8>>,
    ocsps: Vec<Vec<u8>>,
    /// How many bytes are kept.
    kept: usize,
}

/// What is known of a revocation; the worse the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Revocation {
    /// Every certificate was good, or needs no proof.
    Good,
    Unknown,
    Revoked,
}

/// What one list or answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Good,
    Revoked(Timed),
    Nothing,
}

impl Evidence {
    /// Takes a certificate, unless it is there.
    pub(crate) fn certificate(&mut self, certificate: Certificate) {
        let is_new = self.certificates.len() < MAX_CERTIFICATES && !self.certificates.contains(&certificate);
        if is_new && self.has_room(certificate.der().len()) {
            self.certificates.push(certificate);
        }
    }

    /// Takes a revocation list.
    pub(crate) fn crl(&mut self, bytes: &[u8]) {
        if self.crls.len() < MAX_PIECES
            && !self.crls.iter().any(|one| one == bytes)
            && self.has_room(bytes.len())
        {
            self.crls.push(bytes.to_vec());
        }
    }

    /// Takes the answer of a responder, and the certificates in it.
    pub(crate) fn ocsp(&mut self, bytes: &[u8]) {
        let is_new = self.ocsps.len() < MAX_PIECES && !self.ocsps.iter().any(|one| one == bytes);
        if is_new && self.has_room(bytes.len()) {
            ocsp::certificates(bytes).into_iter().for_each(|certificate| self.certificate(certificate));
            self.ocsps.push(bytes.to_vec());
        }
    }

    /// Takes so many bytes of what may be kept.
    fn has_room(&mut self, bytes: usize) -> bool {
        self.kept = self.kept.saturating_add(bytes);
        self.kept <= MAX_KEPT
    }
}

/// Says what is known of the revocation of a certificate at a time, and by what.
pub(super) fn revocation(
    pool: Pool<'_>,
    certificate: &Certificate,
    issuer: &Certificate,
    at: Timed,
) -> (Revocation, Option<Bilingual>) {
    if certificate.extensions.no_check {
        return (Revocation::Good, None);
    }
    let lists = pool.evidence.crls.iter().map(|list| crl::said(pool, list, certificate, issuer, at));
    let answers = pool.evidence.ocsps.iter().map(|answer| ocsp::said(pool, answer, certificate, issuer, at));
    let mut good = false;
    for said in lists.chain(answers) {
        match said {
            Said::Revoked(since) if since <= at => {
                return (Revocation::Revoked, Some(revoked(certificate, since)));
            }
            Said::Revoked(_) | Said::Good => good = true,
            Said::Nothing => {}
        }
    }
    if good {
        return (Revocation::Good, None);
    }
    let subject = shown(&certificate.subject);
    let reason = Bilingual::new(
        format!("the document does not prove whether the certificate of {subject} was revoked"),
        format!("文档未能证明 {subject} 的证书是否已被吊销"),
    );
    (Revocation::Unknown, Some(reason))
}

fn revoked(certificate: &Certificate, since: Timed) -> Bilingual {
    let (subject, since) = (shown(&certificate.subject), rfc3339(since));
    Bilingual::new(
        format!("the certificate of {subject} was revoked at {since}"),
        format!("{subject} 的证书已于 {since} 被吊销"),
    )
}

/// Says whether what was said between these times tells about this one: it was said later, or was to hold until then.
pub(super) fn is_timely(this_update: Timed, next_update: Option<Timed>, at: Timed) -> bool {
    this_update >= at || next_update.is_some_and(|next| next >= at)
}
