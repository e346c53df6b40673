//! The verdict about a document, by the policy.

use super::policy::{Policy, Then};
use super::report::{
    ChangesSince, Coverage, Finding, Integrity, Reason, Revocation, SignatureKind, SignatureReport, State,
    Trust, Verdict,
};
use crate::protocol::Bilingual;

/// Notes what follows from what was found about a signature.
pub(super) fn of_signature(signature: &SignatureReport, policy: &Policy, reasons: &mut Vec<Reason>) {
    let mut add = |code, then, message: Option<&Bilingual>| {
        let message = message.cloned().unwrap_or_else(|| Bilingual::same(code));
        reasons.push(Reason { code, then, signature: Some(signature.field.clone()), message });
    };
    let integrity = signature.integrity.reasons.first();
    match signature.integrity.value {
        Integrity::Ok => {}
        Integrity::Broken => add("broken", Then::Invalid, integrity),
        Integrity::Unsupported => add("unsupported", Then::Indeterminate, integrity),
    }
    match signature.coverage.value {
        Coverage::WholeFile | Coverage::Revision => {}
        Coverage::PartOfRevision => add("part_of_revision", Then::Invalid, Some(&PART)),
        Coverage::Malformed => {
            add("byte_range", Then::Invalid, signature.coverage.reasons.first().or(Some(&SHAPE)))
        }
    }
    let change = signature.changes.reasons.first();
    match signature.changes.value {
        ChangesSince::None | ChangesSince::Permitted => {}
        ChangesSince::NotPermitted => add("changed", Then::Invalid, change),
        ChangesSince::Undecided => add("changes_undecided", Then::Indeterminate, change.or(Some(&UNDECIDED))),
    }
    trust(signature, policy, &mut add);
    for weak in &signature.strength.weak {
        let message =
            Bilingual::new(format!("{weak} is weaker than is demanded"), format!("{weak} 低于所要求的强度"));
        add("weak", policy.weak, Some(&message));
    }
    for warning in &signature.warnings {
        add("warning", policy.warnings, Some(warning));
    }
}

fn trust(
    signature: &SignatureReport,
    policy: &Policy,
    add: &mut impl FnMut(&'static str, Then, Option<&Bilingual>),
) {
    let Finding { value, reasons } = &signature.trust;
    // A document time stamp that nobody trusts proves nothing, and harms nothing: the signatures are judged without it.
    let is_stamp = signature.kind == SignatureKind::DocumentTimeStamp;
    let then = |then: Then| if is_stamp { policy.warnings } else { then };
    match value {
        Trust::Trusted => {}
        Trust::Untrusted => add("untrusted", then(Then::Invalid), reasons.first()),
        Trust::Expired => add("expired", then(policy.expired), reasons.first()),
        Trust::Revoked => add("revoked", then(Then::Invalid), reasons.first()),
        Trust::Undecided => add("trust_undecided", then(Then::Indeterminate), reasons.first()),
    }
    if *value == Trust::Trusted && signature.revocation.value == Revocation::Unknown {
        add("revocation_unknown", then(policy.unknown_revocation), signature.revocation.reasons.first());
    }
    let stamp = signature.time_stamp.as_ref();
    if let Some(broken) = stamp.filter(|stamp| stamp.integrity.value != Integrity::Ok) {
        add("time_stamp_broken", policy.warnings, broken.integrity.reasons.first());
    }
    let untrusted =
        stamp.and_then(|stamp| stamp.trust.as_ref()).filter(|trust| trust.value != Trust::Trusted);
    if let Some(untrusted) = untrusted {
        add("time_stamp_untrusted", policy.warnings, untrusted.reasons.first());
    }
}

/// Says what the signatures say of the contents.
pub(super) fn state(signatures: &[SignatureReport]) -> State {
    let is_altered = |one: &SignatureReport| {
        one.integrity.value == Integrity::Broken
            || matches!(one.coverage.value, Coverage::Malformed | Coverage::PartOfRevision)
            || one.changes.value == ChangesSince::NotPermitted
    };
    let is_open = |one: &SignatureReport| {
        one.integrity.value == Integrity::Unsupported || one.changes.value == ChangesSince::Undecided
    };
    if signatures.is_empty() {
        State::Unsigned
    } else if signatures.iter().any(is_altered) {
        State::Altered
    } else if signatures.iter().any(is_open) {
        State::Undecided
    } else {
        State::Intact
    }
}

/// Puts the worst first, and says what follows from all of them.
pub(super) fn conclude(reasons: &mut [Reason]) -> Verdict {
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.then));
    match reasons.first().map_or(Then::Accept, |reason| reason.then) {
        Then::Accept => Verdict::Valid,
        Then::Indeterminate => Verdict::Indeterminate,
        Then::Invalid => Verdict::Invalid,
    }
}

const PART: Bilingual = Bilingual::fixed(
    "the signed bytes end within a revision, so that a part of it is not signed",
    "签名覆盖的字节止于某个修订版本之中，该版本有一部分未被签名",
);
const SHAPE: Bilingual =
    Bilingual::fixed("the byte range has not the shape that it must have", "字节范围的形式不正确");
const UNDECIDED: Bilingual = Bilingual::fixed(
    "it cannot be told whether what was changed after signing may be changed",
    "无法判断签名后的改动是否被允许",
);
