//! A document from beginning to end: opened, its signatures read, checked and judged.

use super::algorithms::{Document, Hash};
use super::assemble;
use super::budget::Budget;
use super::certificate::shown;
use super::changes::{History, compare_with_sent};
use super::gather::{self, Found};
use super::options::Options;
use super::place::Places;
use super::policy::Then;
use super::report::{
    DocumentFacts, Reason, Report, SentReport, SignatureKind, SignatureReport, State, Verdict,
};
use super::signers::{self, Signed};
use super::times::{Signer, judge_all};
use super::trust::{Pool, Roots, Trust, top};
use super::trust_block::TrustBlock;
use super::verdict;
use crate::credentials::now;
use crate::pdf::{self, PdfError, PdfErrorKind, PdfFile, Signature};
use crate::protocol::{Bilingual, hex};

/// Most signatures that are looked at.
const MAX_SIGNATURES: usize = 1000;

/// The top of each chain in a document, to be looked at by a person before it is trusted.
#[derive(Clone, Debug, serde::Serialize)]
pub struct TrustOf {
    /// For the `trust` setting: one block for each chain of signatures and time stamps that fit.
    pub trust: Vec<TrustBlock>,
    /// What the signatures say of the contents; whoever trusts an altered document trusts who altered it.
    pub state: State,
    /// Why, where that is not `intact`.
    pub reasons: Vec<Reason>,
}

/// Verifies a document.
#[must_use]
pub fn verify(document: impl Into<Vec<u8>>, options: &Options) -> Report {
    let pdf = match open(document.into(), options) {
        Ok(pdf) => pdf,
        Err((code, message)) => return unreadable(code, message),
    };
    let (signatures, mut reasons) = signatures(&pdf);
    let bytes = Document::new(pdf.bytes());
    let looked = Looked::at(&pdf, &bytes, &signatures, options);
    let places = Places::read(&pdf);
    let reports = looked.reports(&pdf, &places, options);
    for (report, signer) in reports.iter().zip(&looked.signers) {
        verdict::of_signature(report, &options.policy, &mut reasons);
        issuer_changed(report, signer, options, &mut reasons);
    }
    let mut state = verdict::state(&reports);
    let may_be_more = reasons.iter().any(|reason| reason.code == "signatures_unreadable");
    if may_be_more && matches!(state, State::Intact | State::Unsigned) {
        state = State::Undecided;
    }
    none_signed(state, &reports, &mut reasons);
    let signers = options.signers.as_ref().map(|required| {
        let signed = |found: &Found<'_>| {
            let subject =
                found.checked.certificate.as_ref().map(|one| one.subject.clone()).unwrap_or_default();
            Signed { subject, gap: found.since.range.as_ref().ok().map(|range| range.gap.clone()) }
        };
        let signed: Vec<Signed> = looked.found.iter().map(signed).collect();
        signers::compare(required, &reports, &signed, &mut reasons)
    });
    let sent = options.sent.as_ref().map(|sent| compare(sent, &pdf, options, &mut reasons));
    let document = DocumentFacts {
        size: pdf.bytes().len(),
        sha256: hex::encode(&bytes.digest(Hash::Sha256)),
        pages: places.count,
        revisions: pdf.revisions().len(),
        encrypted: pdf.xref().encrypted,
        certification: looked.found.iter().find_map(|found| found.since.certification),
    };
    let verdict = verdict::conclude(&mut reasons);
    Report { verdict, reasons, state, document: Some(document), signatures: reports, signers, sent }
}

/// Names the top of each chain in a document. Trusting it is a person's decision.
#[must_use]
pub fn trust_of(document: impl Into<Vec<u8>>, options: &Options) -> TrustOf {
    let pdf = match open(document.into(), options) {
        Ok(pdf) => pdf,
        Err((code, message)) => {
            let Report { state, reasons, .. } = unreadable(code, message);
            return TrustOf { trust: Vec::new(), state, reasons };
        }
    };
    let (signatures, mut reasons) = signatures(&pdf);
    let bytes = Document::new(pdf.bytes());
    let looked = Looked::at(&pdf, &bytes, &signatures, options);
    let mut trust: Vec<TrustBlock> = Vec::new();
    let stamps = |found: &Found<'_>| {
        let fitting =
            found.stamps.iter().filter(|(_, token)| token.checked.integrity == super::cms::Integrity::Ok);
        fitting.filter_map(|(_, token)| token.checked.certificate.clone()).collect::<Vec<_>>()
    };
    let budget = Budget::new(pdf.bytes().len());
    let pool = Pool { roots: &looked.roots, evidence: &looked.evidence, budget: &budget };
    for found in looked.found.iter().filter(|found| found.holds()) {
        for certificate in found.checked.certificate.clone().into_iter().chain(stamps(found)) {
            let block = TrustBlock::of(&top(pool, &certificate));
            if !trust.contains(&block) {
                trust.push(block);
            }
        }
    }
    let reports = looked.reports(&pdf, &Places::read(&pdf), options);
    let state = verdict::state(&reports);
    reports.iter().for_each(|report| verdict::of_signature(report, &options.policy, &mut reasons));
    reasons.retain(|reason| {
        ["broken", "unsupported", "byte_range", "changed", "part_of_revision"].contains(&reason.code)
    });
    TrustOf { trust, state, reasons }
}

fn open(bytes: Vec<u8>, options: &Options) -> Result<PdfFile, (&'static str, Bilingual)> {
    let password = options.password.as_ref().map(|password| password.as_str());
    PdfFile::open_with(bytes, password).map_err(|error: PdfError| {
        let code = if error.kind == PdfErrorKind::Encrypted { "locked" } else { "unreadable" };
        (code, error.what)
    })
}

fn unreadable(code: &'static str, message: Bilingual) -> Report {
    let message = message.after("the document cannot be read", "无法读取文档");
    Report {
        verdict: Verdict::Indeterminate,
        reasons: vec![Reason { code, then: Then::Indeterminate, signature: None, message }],
        state: State::Unreadable,
        document: None,
        signatures: Vec::new(),
        signers: None,
        sent: None,
    }
}

/// Returns the signatures of a document, and why there may be more.
fn signatures(pdf: &PdfFile) -> (Vec<Signature>, Vec<Reason>) {
    let (mut found, mut reasons) = (Vec::new(), Vec::new());
    let mut fail = |message: Bilingual| {
        let message = message.after("its signatures cannot all be read", "无法读取全部签名");
        let then = Then::Indeterminate;
        reasons.push(Reason { code: "signatures_unreadable", then, signature: None, message });
    };
    match pdf::signatures(pdf) {
        Err(error) => fail(error.what),
        Ok(each) => {
            for signature in each {
                match signature {
                    Err(error) => fail(error.what),
                    Ok(_) if found.len() >= MAX_SIGNATURES => {
                        fail(Bilingual::fixed("there are too many", "数量过多"));
                        break;
                    }
                    Ok(signature) => found.push(signature),
                }
            }
        }
    }
    (found, reasons)
}

/// A document whose signatures have been looked at.
struct Looked<'a> {
    found: Vec<Found<'a>>,
    signers: Vec<Signer>,
    evidence: super::trust::Evidence,
    roots: Roots,
}

impl<'a> Looked<'a> {
    /// Says of each signature what was found.
    fn reports(&self, pdf: &PdfFile, places: &Places, options: &Options) -> Vec<SignatureReport> {
        let (each, minimum) = (self.found.iter().zip(&self.signers), &options.policy.minimum);
        each.map(|(found, signer)| assemble::signature(pdf, places, found, signer, minimum)).collect()
    }

    fn at(pdf: &PdfFile, bytes: &Document<'_>, signatures: &'a [Signature], options: &Options) -> Looked<'a> {
        let budget = Budget::new(pdf.bytes().len());
        let since = History::new(pdf).since_each(signatures);
        let each = signatures.iter().zip(since);
        let mut found: Vec<Found<'a>> =
            each.map(|(signature, since)| gather::read(pdf, since, signature)).collect();
        // In the order in which they were made; what has no sound byte range comes last.
        found.sort_by_key(|found| found.end().unwrap_or(usize::MAX));
        let evidence = gather::evidence(pdf, &found);
        for one in &mut found {
            gather::check(pdf, bytes, one, &evidence.certificates, &budget);
        }
        let mut roots = options.roots.clone();
        for block in &options.trust {
            let carried = evidence.certificates.iter().find(|one| one.sha256() == block.sha256).cloned();
            carried.or_else(|| block.held()).into_iter().for_each(|one| roots.push(one));
        }
        let pool = Pool { roots: &roots, evidence: &evidence, budget: &budget };
        let signers = judge_all(pool, &found, options.at.unwrap_or_else(now));
        Looked { found, signers, evidence, roots }
    }
}

/// Notes that a chain ends elsewhere than at what a person has looked at.
fn issuer_changed(report: &SignatureReport, signer: &Signer, options: &Options, reasons: &mut Vec<Reason>) {
    let Some(judged) = signer.judged.as_ref().filter(|judged| judged.trust == Trust::Untrusted) else {
        return;
    };
    let Some(top) = judged.path.last().filter(|_| !options.trust.is_empty()) else { return };
    if report.kind != SignatureKind::Signature
        || options.trust.iter().any(|block| block.sha256 == top.sha256())
    {
        return;
    }
    let (subject, sha256) = (shown(&top.subject), top.sha256());
    let message = Bilingual::new(
        format!(
            "the chain ends at {subject} (SHA-256 {sha256}), which is none of those in the trust setting"
        ),
        format!("证书链终止于 {subject}（SHA-256 {sha256}），不在 trust 设置之中"),
    );
    let signature = Some(report.field.clone());
    reasons.push(Reason { code: "issuer_changed", then: Then::Invalid, signature, message });
}

/// Notes that nobody signed.
fn none_signed(state: State, reports: &[SignatureReport], reasons: &mut Vec<Reason>) {
    let mut add = |code, then, message| reasons.push(Reason { code, then, signature: None, message });
    if state == State::Unsigned {
        let message = Bilingual::fixed("the document has no signature", "文档没有签名");
        add("unsigned", Then::Invalid, message);
    } else if !reports.is_empty() && reports.iter().all(|one| one.kind == SignatureKind::DocumentTimeStamp) {
        let message = Bilingual::fixed(
            "the document has time stamps alone: nobody signed it",
            "文档只有时间戳，没有签名",
        );
        add("unsigned", Then::Indeterminate, message);
    }
}

/// Compares a document with the one that was sent.
fn compare(sent: &[u8], pdf: &PdfFile, options: &Options, reasons: &mut Vec<Reason>) -> SentReport {
    let mut add = |code, then, message| reasons.push(Reason { code, then, signature: None, message });
    let opened = match open(sent.to_vec(), options) {
        Ok(opened) => opened,
        Err((_, message)) => {
            let message = message.after("the document that was sent cannot be read", "无法读取提交的文档");
            add("sent_unreadable", Then::Indeterminate, message);
            return SentReport { same: None, differences: Vec::new(), more: false };
        }
    };
    let compared = compare_with_sent(&opened, pdf);
    let first = compared.differences.first().map(|change| change.what.clone());
    match compared.same {
        Some(true) => {}
        Some(false) => add("differs_from_sent", Then::Invalid, first.unwrap_or_default()),
        None => add("sent_undecided", Then::Indeterminate, first.unwrap_or(SENT_UNDECIDED)),
    }
    SentReport {
        same: compared.same,
        differences: compared.differences.iter().map(assemble::change).collect(),
        more: compared.more,
    }
}

const SENT_UNDECIDED: Bilingual = Bilingual::fixed(
    "it cannot be told whether the document is the one that was sent",
    "无法判断该文档是否为所提交的文档",
);
