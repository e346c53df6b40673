//! Writes what was found about a signature into the report.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::algorithms::{Hash, PublicKey, Scheme};
use super::asn1::pdf_date;
use super::certificate::{Certificate, common_name, display};
use super::changes;
use super::cms::{self, Checked};
use super::gather::Found;
use super::place::Places;
use super::policy::Minimum;
use super::report::{
    Algorithms, CertificateFacts, ChangeReport, ChangesSince, Coverage, Finding, Integrity, Revocation,
    SignatureReport, Strength, TimeReport, TimeStampReport, Trust,
};
use super::times::{Proof, Signer};
use super::trust::{self, Judged};
use crate::credentials::rfc3339;
use crate::pdf::PdfFile;
use crate::protocol::{Bilingual, hex};

/// Most reasons that are listed of one finding.
const MAX_REASONS: usize = 20;

/// Writes the report about one signature.
pub(super) fn signature(
    pdf: &PdfFile,
    places: &Places,
    found: &Found<'_>,
    signer: &Signer,
    minimum: &Minimum,
) -> SignatureReport {
    let (page, rectangle) = places.of(pdf, &found.signature.field);
    let first = found.data.as_ref().and_then(|data| data.signers.first());
    let certificate = found.checked.certificate.as_ref();
    let chain = signer.judged.as_ref().map(|judged| judged.path.iter().skip(1).map(facts).collect());
    let (coverage, revision) = coverage(found);
    let changes = &found.since.changes;
    SignatureReport {
        field: found.signature.field.name.to_string(),
        kind: found.kind,
        sub_filter: found.sub_filter.clone(),
        page,
        rectangle,
        signer: certificate.map(facts),
        chain: chain.unwrap_or_default(),
        name: found.text(pdf, "Name"),
        reason: found.text(pdf, "Reason"),
        location: found.text(pdf, "Location"),
        claimed_time: claimed(pdf, found),
        proven_time: proven(found, signer),
        judged_at: signer.judged.as_ref().map(|judged| rfc3339(judged.at)),
        algorithms: match (found.old_hash, first) {
            (Some(hash), None) => Some(bare_algorithms(hash, certificate)),
            (_, first) => first.map(|first| algorithms(first, found.token.as_ref(), certificate)),
        },
        integrity: integrity(&found.checked),
        trust: trust_of(signer.judged.as_ref(), certificate),
        revocation: revocation_of(signer.judged.as_ref()),
        coverage,
        signed_end: found.end(),
        revision,
        changes: Finding {
            value: since(changes.verdict),
            reasons: changes
                .changes
                .iter()
                .filter(|change| change.verdict == changes.verdict)
                .map(|change| change.what.clone())
                .take(MAX_REASONS)
                .collect(),
        },
        changed: changes.changes.iter().map(change).collect(),
        more_changes: changes.more,
        certification: found.since.certification,
        strength: strength(found, minimum),
        time_stamp: signer.stamp.as_ref().and_then(|(place, judged)| stamp(found, *place, judged.as_ref())),
        warnings: found.checked.notes.clone(),
    }
}

/// Longest certificate that is written out, in bytes.
const MAX_DER: usize = 32 * 1024;
/// Longest name of somebody, in characters.
const MAX_NAME: usize = 2000;

/// Writes what is known of a certificate.
pub(super) fn facts(certificate: &Certificate) -> CertificateFacts {
    CertificateFacts {
        subject: shortened(display(&certificate.subject)),
        name: common_name(&certificate.subject).map(shortened),
        issuer: shortened(display(&certificate.issuer)),
        serial: hex::encode(&certificate.serial),
        not_before: rfc3339(certificate.not_before),
        not_after: rfc3339(certificate.not_after),
        sha256: certificate.sha256(),
        // A report with many signatures would grow beyond measure; SHA-256 tells which it is.
        certificate: if certificate.der().len() <= MAX_DER {
            STANDARD.encode(certificate.der())
        } else {
            String::new()
        },
    }
}

fn shortened(name: String) -> String {
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name,
    }
}

/// Writes one change.
pub(super) fn change(change: &changes::Change) -> ChangeReport {
    ChangeReport {
        kind: change.kind,
        value: since(change.verdict),
        object: change.object,
        page: change.page,
        field: change.field.clone(),
        message: change.what.clone(),
    }
}

fn since(verdict: changes::Verdict) -> ChangesSince {
    match verdict {
        changes::Verdict::None => ChangesSince::None,
        changes::Verdict::Permitted => ChangesSince::Permitted,
        changes::Verdict::Undecided => ChangesSince::Undecided,
        changes::Verdict::NotPermitted => ChangesSince::NotPermitted,
    }
}

fn coverage(found: &Found<'_>) -> (Finding<Coverage>, Option<usize>) {
    let (value, revision) = match found.since.coverage {
        changes::Coverage::WholeFile => (Coverage::WholeFile, None),
        changes::Coverage::Revision(number) => (Coverage::Revision, Some(number)),
        changes::Coverage::PartOfRevision => (Coverage::PartOfRevision, None),
        changes::Coverage::Malformed => (Coverage::Malformed, None),
    };
    (Finding { value, reasons: found.since.range.as_ref().err().cloned().into_iter().collect() }, revision)
}

fn integrity(checked: &Checked) -> Finding<Integrity> {
    let value = match checked.integrity {
        cms::Integrity::Ok => Integrity::Ok,
        cms::Integrity::Unsupported => Integrity::Unsupported,
        cms::Integrity::Broken => Integrity::Broken,
    };
    Finding { value, reasons: checked.reasons.clone() }
}

fn trust_of(judged: Option<&Judged>, certificate: Option<&Certificate>) -> Finding<Trust> {
    let Some(judged) = judged else {
        let reason = match certificate {
            Some(_) => Bilingual::fixed("nobody looked at it", "未判断"),
            None => Bilingual::fixed("the signer's certificate is not known", "无法得知签名者的证书"),
        };
        return Finding { value: Trust::Undecided, reasons: vec![reason] };
    };
    let value = match judged.trust {
        trust::Trust::Trusted => Trust::Trusted,
        trust::Trust::Untrusted => Trust::Untrusted,
        trust::Trust::Expired => Trust::Expired,
        trust::Trust::Revoked => Trust::Revoked,
        trust::Trust::Undecided => Trust::Undecided,
    };
    Finding { value, reasons: judged.reasons.clone() }
}

fn revocation_of(judged: Option<&Judged>) -> Finding<Revocation> {
    let Some(judged) = judged else { return Finding { value: Revocation::Unknown, reasons: Vec::new() } };
    let value = match judged.revocation {
        trust::Revocation::Good => Revocation::Good,
        trust::Revocation::Unknown => Revocation::Unknown,
        trust::Revocation::Revoked => Revocation::Revoked,
    };
    Finding { value, reasons: judged.revocation_reason.clone().into_iter().collect() }
}

fn claimed(pdf: &PdfFile, found: &Found<'_>) -> Option<TimeReport> {
    let signer = found.data.as_ref().and_then(|data| data.signers.first());
    let signed = signer.and_then(cms::SignerInfo::signing_time).map(|time| (time, "signing_time"));
    let written = || Some((pdf_date(&found.text(pdf, "M")?)?, "m"));
    let (time, source) = signed.or_else(written)?;
    Some(TimeReport { time: rfc3339(time), source })
}

fn proven(found: &Found<'_>, signer: &Signer) -> Option<TimeReport> {
    // A document time stamp that is trusted proves its own time.
    let own = found.token.as_ref().and_then(|token| token.time).filter(|_| {
        found.holds() && signer.judged.as_ref().is_some_and(|judged| judged.trust == trust::Trust::Trusted)
    });
    if let Some(time) = own {
        return Some(TimeReport { time: rfc3339(time), source: "document_time_stamp" });
    }
    let (time, proof) = signer.proven?;
    let source = match proof {
        Proof::Stamp => "time_stamp",
        Proof::Document => "document_time_stamp",
    };
    Some(TimeReport { time: rfc3339(time), source })
}

fn algorithms(
    signer: &cms::SignerInfo<'_>,
    token: Option<&cms::CheckedToken>,
    certificate: Option<&Certificate>,
) -> Algorithms {
    let key = certificate.map(|certificate| &certificate.key);
    let imprint = token.and_then(|token| token.imprint.as_ref());
    Algorithms {
        digest: imprint.map_or_else(|| signer.hash_name.clone(), |imprint| imprint.hash_name.clone()),
        signature: signer.scheme.name(key),
        key: key.map(|key| key.kind().to_owned()),
        bits: key.and_then(PublicKey::bits),
        curve: key.and_then(PublicKey::curve),
    }
}

fn bare_algorithms(hash: Hash, certificate: Option<&Certificate>) -> Algorithms {
    let key = certificate.map(|certificate| &certificate.key);
    Algorithms {
        digest: hash.name().to_owned(),
        signature: Scheme::Rsa(hash).name(key),
        key: key.map(|key| key.kind().to_owned()),
        bits: key.and_then(PublicKey::bits),
        curve: None,
    }
}

fn strength(found: &Found<'_>, minimum: &Minimum) -> Strength {
    let (md5, sha1, short) = found.weaknesses();
    let is_short = |short: &String| {
        let bits = short.rsplit_once(' ').and_then(|(_, bits)| bits.parse::<usize>().ok());
        bits.is_some_and(|bits| bits < minimum.rsa_bits)
    };
    let mut weak: Vec<String> = Vec::new();
    weak.extend(md5.then(|| "md5".to_owned()));
    weak.extend((sha1 && !minimum.sha1).then(|| "sha1".to_owned()));
    weak.extend(short.filter(is_short));
    Strength { weak }
}

fn stamp(found: &Found<'_>, place: usize, judged: Option<&Judged>) -> Option<TimeStampReport> {
    let (data, token) = found.stamps.get(place)?;
    let certificate = token.checked.certificate.as_ref();
    Some(TimeStampReport {
        time: token.time.map(rfc3339),
        integrity: integrity(&token.checked),
        trust: judged.map(|judged| trust_of(Some(judged), certificate)),
        signer: certificate.map(facts),
        algorithms: data.signers.first().map(|signer| algorithms(signer, Some(token), certificate)),
    })
}
