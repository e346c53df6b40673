//! The path from a certificate to a root, and whether it holds.

use super::revocation::{Evidence, Revocation, revocation};
use super::usage::{Purpose, fault};
use super::{Roots, names};
use crate::credentials::rfc3339;
use crate::protocol::Bilingual;
use crate::verify::algorithms::Outcome;
use crate::verify::asn1::Timed;
use crate::verify::budget::{Budget, TOO_COSTLY};
use crate::verify::certificate::{Certificate, KeyUse, shown};

/// Most certificates of a path.
const MAX_PATH: usize = 12;
/// What comparing two names costs, in nanoseconds.
const COMPARING: usize = 1_000;
/// Most paths of one certificate that are tried.
const MAX_TRIES: usize = 64;

/// Whether a certificate is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Trusted,
    /// It leads to no root, or may not be used so.
    Untrusted,
    Expired,
    Revoked,
    /// Nobody here can say.
    Undecided,
}

/// What paths are built from.
#[derive(Clone, Copy)]
pub(crate) struct Pool<'a> {
    pub(crate) roots: &'a Roots,
    pub(crate) evidence: &'a Evidence,
    pub(crate) budget: &'a Budget,
}

/// What was found about a certificate.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) trust: Trust,
    /// Why it is not trusted.
    pub(crate) reasons: Vec<Bilingual>,
    pub(crate) revocation: Revocation,
    /// What is known of its revocation, for people.
    pub(crate) revocation_reason: Option<Bilingual>,
    /// From the certificate up, the root as the last if there is one.
    pub(crate) path: Vec<Certificate>,
    /// The time that it was judged at.
    pub(crate) at: Timed,
}

/// Judges a certificate at a time, for a purpose.
pub(crate) fn judge(pool: Pool<'_>, certificate: &Certificate, purpose: Purpose, at: Timed) -> Judged {
    let mut search = Search { pool, purpose, at, tries: 0, best: None, open: Vec::new() };
    search.extend(&mut vec![certificate.clone()]);
    search.best.unwrap_or_else(|| {
        let (trust, reason) = match pool.budget.has_refused() {
            true => (Trust::Undecided, TOO_COSTLY),
            false => (Trust::Untrusted, no_path(pool, certificate)),
        };
        Judged {
            trust,
            reasons: vec![reason],
            revocation: Revocation::Unknown,
            revocation_reason: None,
            path: upwards(pool, certificate),
            at,
        }
    })
}

fn no_path(pool: Pool<'_>, certificate: &Certificate) -> Bilingual {
    let top = top(pool, certificate);
    if pool.roots.is_empty() {
        return Bilingual::fixed(
            "no roots are given, so nothing is trusted",
            "未给出受信任的根证书，因此无法信任任何证书",
        );
    }
    let (subject, issuer) = (shown(&top.subject), shown(&top.issuer));
    if top.is_self_issued() {
        return Bilingual::new(
            format!("the chain ends at a root that is not among those given: {subject}"),
            format!("证书链终止于未受信任的根证书：{subject}"),
        );
    }
    Bilingual::new(
        format!("the chain leads to no given root: the certificate of {issuer} is not there"),
        format!("证书链未到达受信任的根证书：缺少 {issuer} 的证书"),
    )
}

/// Returns the certificate at the top of the chain, as far as the document has it.
pub(crate) fn top(pool: Pool<'_>, certificate: &Certificate) -> Certificate {
    upwards(pool, certificate).pop().unwrap_or_else(|| certificate.clone())
}

/// Follows the issuers, without regard to what else they are.
fn upwards(pool: Pool<'_>, certificate: &Certificate) -> Vec<Certificate> {
    let mut chain = vec![certificate.clone()];
    while let Some(last) = chain.last()
        && chain.len() < MAX_PATH
        && !last.is_self_issued()
    {
        let all = pool.evidence.certificates.iter();
        let issuer =
            all.filter(|one| !chain.contains(one)).find(|one| pool.signed(last, one) == Outcome::Right);
        match issuer.cloned() {
            Some(issuer) => chain.push(issuer),
            None => break,
        }
    }
    chain
}

impl Pool<'_> {
    /// Says whether one certificate has signed another, by name and by its signature.
    pub(super) fn signed(self, certificate: &Certificate, issuer: &Certificate) -> Outcome {
        let identifiers = (&certificate.extensions.authority_key, &issuer.extensions.subject_key);
        let differ = matches!(identifiers, (Some(named), Some(own)) if named != own);
        let cost = issuer.key.cost().saturating_add(certificate.der().len() * 4);
        let may_be = !differ && self.budget.spend(COMPARING) && issuer.has_subject(&certificate.issuer);
        if !may_be || !self.budget.spend(cost) {
            return Outcome::Wrong;
        }
        certificate.signed_by(&issuer.key)
    }
}

struct Search<'a> {
    pool: Pool<'a>,
    purpose: Purpose,
    at: Timed,
    tries: usize,
    /// The best path to a root so far.
    best: Option<Judged>,
    /// Why links of the path that is being tried could not be checked.
    open: Vec<Bilingual>,
}

impl Search<'_> {
    /// Tries every way up from the last certificate of this path; `true` once one is good.
    fn extend(&mut self, path: &mut Vec<Certificate>) -> bool {
        let Some(last) = path.last().cloned() else { return false };
        if self.pool.roots.all().contains(&last) {
            return self.take(path);
        }
        // Roots first: then a path is not longer than it has to be.
        for candidates in [self.pool.roots.all(), &self.pool.evidence.certificates] {
            for issuer in candidates {
                if self.tries >= MAX_TRIES || path.len() >= MAX_PATH {
                    return false;
                }
                let is_cheap = self.pool.budget.spend(COMPARING);
                if !is_cheap || path.contains(issuer) || !issuer.has_subject(&last.issuer) {
                    continue;
                }
                let before = self.open.len();
                match self.pool.signed(&last, issuer) {
                    Outcome::Right => {}
                    Outcome::Wrong => continue,
                    Outcome::Unsupported(reason) => self.open.push(reason),
                }
                self.tries += 1;
                path.push(issuer.clone());
                let is_good = self.extend(path);
                path.pop();
                self.open.truncate(before);
                if is_good {
                    return true;
                }
            }
        }
        false
    }

    /// Judges a path that ends at a root, and keeps it if it is the best so far.
    fn take(&mut self, path: &[Certificate]) -> bool {
        let judged = self.judged(path);
        let rank = |trust: Trust| match trust {
            Trust::Trusted => 0,
            Trust::Revoked => 1,
            Trust::Expired => 2,
            Trust::Undecided => 3,
            Trust::Untrusted => 4,
        };
        let is_good = judged.trust == Trust::Trusted;
        if self.best.as_ref().is_none_or(|best| rank(judged.trust) < rank(best.trust)) {
            self.best = Some(judged);
        }
        is_good
    }

    fn judged(&self, path: &[Certificate]) -> Judged {
        let mut judged = Judged {
            trust: Trust::Trusted,
            reasons: Vec::new(),
            revocation: Revocation::Good,
            revocation_reason: None,
            path: path.to_vec(),
            at: self.at,
        };
        if let Some((trust, reason)) = self.fault(path) {
            (judged.trust, judged.reasons) = (trust, vec![reason]);
        }
        let below_root = path.windows(2).filter_map(|pair| Some((pair.first()?, pair.get(1)?)));
        for (certificate, issuer) in below_root {
            let (found, reason) = revocation(self.pool, certificate, issuer, self.at);
            if found > judged.revocation || judged.revocation_reason.is_none() {
                judged.revocation = judged.revocation.max(found);
                judged.revocation_reason = reason;
            }
        }
        if let (Trust::Trusted, Some(reason)) = (judged.trust, self.open.first()) {
            (judged.trust, judged.reasons) = (Trust::Undecided, vec![reason.clone()]);
        }
        if judged.revocation == Revocation::Revoked {
            judged.trust = Trust::Revoked;
            judged.reasons = judged.revocation_reason.clone().into_iter().collect();
        }
        judged
    }

    /// Returns what is wrong with a path.
    fn fault(&self, path: &[Certificate]) -> Option<(Trust, Bilingual)> {
        let untrusted = |reason: Bilingual| Some((Trust::Untrusted, reason));
        let (leaf, above) = path.split_first()?;
        if let Some(reason) = fault(leaf, self.purpose) {
            return untrusted(reason);
        }
        for (place, issuer) in above.iter().enumerate() {
            let is_root = place + 1 == above.len();
            // Those between this one and the signer's that do not merely renew a key.
            let between = above.iter().take(place).filter(|one| !one.is_self_issued()).count();
            if let Some(reason) = authority_fault(issuer, is_root, between) {
                return untrusted(reason);
            }
            if let Some(constraints) = &issuer.extensions.name_constraints {
                let mut below = path.iter().take(place + 1);
                if !below.all(|one| names::allow(constraints, one)) {
                    return untrusted(of(
                        issuer,
                        "its name constraints do not allow this name",
                        "名称约束不允许该名称",
                    ));
                }
            }
        }
        for one in path {
            if let Some(oid) = one.extensions.unknown.first() {
                let zh = format!("含有此处无法识别的关键扩展 {oid}");
                return untrusted(of(one, &format!("a critical extension is not known here ({oid})"), &zh));
            }
        }
        // A root is trusted because it was given; only one that signs itself has to be valid too.
        let judged = if above.is_empty() { path } else { path.get(..above.len())? };
        judged.iter().find_map(|one| self.out_of_time(one))
    }

    fn out_of_time(&self, one: &Certificate) -> Option<(Trust, Bilingual)> {
        let (at, from, to) = (rfc3339(self.at), rfc3339(one.not_before), rfc3339(one.not_after));
        if self.at > one.not_after {
            let zh = format!("于 {to} 到期，而判断时间为 {at}");
            return Some((
                Trust::Expired,
                of(one, &format!("it expired at {to}, and is judged at {at}"), &zh),
            ));
        }
        if self.at < one.not_before {
            let zh = format!("自 {from} 起生效，而判断时间为 {at}");
            return Some((
                Trust::Untrusted,
                of(one, &format!("it is not valid before {from}, and is judged at {at}"), &zh),
            ));
        }
        None
    }
}

/// Returns why this certificate may not issue the one below it.
fn authority_fault(issuer: &Certificate, is_root: bool, between: usize) -> Option<Bilingual> {
    let extensions = &issuer.extensions;
    // Roots of old do not say what they are.
    let is_old_root = is_root && extensions.basic.is_none() && issuer.is_self_issued();
    if !extensions.is_authority() && !is_old_root {
        return Some(of(issuer, "it is no CA's (basic constraints)", "不是 CA 证书（基本约束）"));
    }
    if !extensions.allows(&[KeyUse::CertificateSign]) {
        return Some(of(
            issuer,
            "its key usage does not allow issuing certificates",
            "密钥用途不允许签发证书",
        ));
    }
    let most = extensions.basic.and_then(|(_, most)| most);
    if most.is_some_and(|most| between > usize::try_from(most).unwrap_or(usize::MAX)) {
        return Some(of(
            issuer,
            "the path below it is longer than it allows",
            "其下的证书路径超过允许的长度",
        ));
    }
    None
}

/// Says which certificate a reason is about.
fn of(certificate: &Certificate, en: &str, zh: &str) -> Bilingual {
    let subject = shown(&certificate.subject);
    Bilingual::new(format!("the certificate of {subject}: {en}"), format!("{subject} 的证书：{zh}"))
}
