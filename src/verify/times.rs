//! When a document was signed, as far as trusted time stamps prove it, and who signed it.
//!
//! The newest document time stamp is judged now; what it covers is judged at its time, and so on back: a signature
//! outlives its certificates by stamps that were made while they were good.

use super::asn1::Timed;
use super::cms::Integrity;
use super::gather::Found;
use super::report::SignatureKind;
use super::trust::{Judged, Pool, Purpose, Trust, judge};

/// Where a proven time is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// A time stamp over the signature.
    Stamp,
    /// A later document time stamp.
    Document,
}

/// What is found about the signer of one signature.
#[derive(Default)]
pub(super) struct Signer {
    pub(super) judged: Option<Judged>,
    pub(super) proven: Option<(Timed, Proof)>,
    /// Who made the time stamp over the signature, by the place of it.
    pub(super) stamp: Option<(usize, Option<Judged>)>,
}

/// Judges the signers of all signatures, which are in the order in which they were made.
pub(super) fn judge_all(pool: Pool<'_>, found: &[Found<'_>], now: Timed) -> Vec<Signer> {
    // Newest first: each document time stamp that is trusted covers what stands before it.
    let mut signers = Vec::with_capacity(found.len());
    let mut proofs: Vec<(usize, Timed)> = Vec::new();
    for one in found.iter().rev() {
        let later = one.end().and_then(|end| {
            let covering = proofs.iter().filter(|(covered, _)| *covered > end);
            covering.map(|(_, time)| *time).min()
        });
        let mut signer = Signer::default();
        let mut proven = later.map(|time| (time, Proof::Document));
        let at = later.unwrap_or(now);
        if one.kind == SignatureKind::Signature {
            signer.stamp = best_stamp(pool, one, at);
            let time = signer.stamp.as_ref().and_then(|(place, judged)| {
                let is_trusted = judged.as_ref().is_some_and(|judged| judged.trust == Trust::Trusted);
                one.stamps.get(*place).filter(|_| is_trusted)?.1.time
            });
            // The earlier of the two says more.
            proven = match (time, proven) {
                (Some(time), Some((later, _))) if later < time => Some((later, Proof::Document)),
                (Some(time), _) => Some((time, Proof::Stamp)),
                (None, proven) => proven,
            };
        }
        let at = proven.map_or(now, |(time, _)| time);
        let purpose = match one.kind {
            SignatureKind::Signature => Purpose::Document,
            SignatureKind::DocumentTimeStamp => Purpose::TimeStamp,
        };
        signer.judged =
            one.checked.certificate.as_ref().map(|certificate| judge(pool, certificate, purpose, at));
        signer.proven = proven;
        if let (Some(token), Some(end), Some(judged)) = (&one.token, one.end(), &signer.judged)
            && one.holds()
            && judged.trust == Trust::Trusted
            && let Some(time) = token.time
        {
            proofs.push((end, time));
        }
        signers.push(signer);
    }
    signers.reverse();
    signers
}

/// Returns the time stamp over a signature that proves most: one that is trusted, else one that fits, else the first.
fn best_stamp(pool: Pool<'_>, one: &Found<'_>, at: Timed) -> Option<(usize, Option<Judged>)> {
    let judged = one.stamps.iter().map(|(_, token)| {
        let certificate = token.checked.certificate.as_ref()?;
        // A stamp that says a later time than the one that it is judged at proves nothing then.
        let fits = token.checked.integrity == Integrity::Ok && token.time.is_some_and(|time| time <= at);
        fits.then(|| judge(pool, certificate, Purpose::TimeStamp, at))
    });
    let judged: Vec<Option<Judged>> = judged.collect();
    let is_trusted = |judged: &Option<Judged>| judged.as_ref().is_some_and(|it| it.trust == Trust::Trusted);
    let place =
        judged.iter().position(is_trusted).or_else(|| judged.iter().position(Option::is_some)).unwrap_or(0);
    judged.into_iter().nth(place).map(|judged| (place, judged))
}
