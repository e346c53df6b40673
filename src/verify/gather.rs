//! What a document carries for its signatures: each as it stands, and what proves the certificates.

use super::algorithms::{Document, Hash, Message, PublicKey};
use super::budget::{Budget, TOO_COSTLY};
use super::changes::{self, Coverage, Since};
use super::cms::{self, Checked, CheckedToken, Integrity, SignedData};
use super::old;
use super::report::SignatureKind;
use super::trust::Evidence;
use crate::pdf::{PdfFile, Signature, Value};
use crate::protocol::Bilingual;
use crate::verify::certificate::Certificate;

/// Most streams of a document security store that are read.
const MAX_STREAMS: usize = 1024;

/// A signature, and what it says by itself.
pub(super) struct Found<'a> {
    pub(super) signature: &'a Signature,
    pub(super) kind: SignatureKind,
    pub(super) sub_filter: Option<String>,
    pub(super) since: Since,
    /// What it holds, unless that cannot be read.
    pub(super) data: Option<SignedData<'a>>,
    /// What a signature of an old kind hashes the document by.
    pub(super) old_hash: Option<Hash>,
    pub(super) checked: Checked,
    /// What a document time stamp says.
    pub(super) token: Option<CheckedToken>,
    /// The time stamps over a signature's value.
    pub(super) stamps: Vec<(SignedData<'a>, CheckedToken)>,
}

/// Reads what a signature holds, without a look at what it is over; `since` is what became of the document after it.
pub(super) fn read<'a>(pdf: &PdfFile, since: Since, signature: &'a Signature) -> Found<'a> {
    let name = |key: &str| {
        let value = signature.object.dict().map(|dict| pdf.entry(dict, key));
        let name = value.and_then(Result::ok).and_then(|value| value.name().map(<[u8]>::to_vec));
        name.map(|name| String::from_utf8_lossy(&name).into_owned())
    };
    let sub_filter = name("SubFilter");
    let contents = signature.object.dict().and_then(|dict| dict.get("Contents")?.value.string());
    let mut checked = Checked::new(None);
    match sub_filter.as_deref() {
        Some(known) if KNOWN.contains(&known) => {}
        Some(other) => checked.add(Integrity::Unsupported, unknown(other)),
        None => checked.add(Integrity::Unsupported, NO_KIND),
    }
    let data = match contents {
        None => {
            checked.add(
                Integrity::Broken,
                Bilingual::fixed("the signature has no /Contents", "签名没有 /Contents"),
            );
            None
        }
        Some(_) if sub_filter.as_deref() == Some(old::X509) => None,
        Some(contents) => match cms::read(contents) {
            Ok(mut data) => {
                data.archived();
                Some(data)
            }
            Err(reason) => {
                checked.add(
                    if checked.reasons.is_empty() { Integrity::Broken } else { Integrity::Unsupported },
                    reason,
                );
                None
            }
        },
    };
    let is_stamp = changes::is_time_stamp(pdf, &signature.object);
    let kind = if is_stamp { SignatureKind::DocumentTimeStamp } else { SignatureKind::Signature };
    Found {
        signature,
        kind,
        sub_filter,
        since,
        data,
        old_hash: None,
        checked,
        token: None,
        stamps: Vec::new(),
    }
}

/// The kinds of signature that are known here.
const KNOWN: [&str; 5] = ["adbe.pkcs7.detached", "ETSI.CAdES.detached", "ETSI.RFC3161", old::SHA1, old::X509];

const NO_KIND: Bilingual = Bilingual::fixed(
    "the signature does not say of which kind it is: it has no /SubFilter",
    "签名没有 /SubFilter，无法得知其类型",
);

fn unknown(sub_filter: &str) -> Bilingual {
    let shown: String = sub_filter.chars().filter(|letter| !letter.is_control()).take(64).collect();
    Bilingual::new(
        format!("signatures of the kind {shown} are not supported"),
        format!("不支持 {shown} 类型的签名"),
    )
}

/// Gathers the certificates, lists and answers of all signatures and of the document security store.
pub(super) fn evidence(pdf: &PdfFile, found: &[Found<'_>]) -> Evidence {
    let mut evidence = Evidence::default();
    let bare = found.iter().filter(|found| found.sub_filter.as_deref() == Some(old::X509));
    let beside = bare.flat_map(|found| old::certificates(pdf, found.signature));
    beside.for_each(|one| evidence.certificate(one));
    let mut add = |data: &SignedData<'_>| {
        data.certificates.iter().for_each(|one| evidence.certificate(one.clone()));
        data.crls.iter().for_each(|one| evidence.crl(one));
        data.ocsps.iter().for_each(|one| evidence.ocsp(one));
    };
    for data in found.iter().filter_map(|found| found.data.as_ref()) {
        add(data);
        for stamp in data.signers.iter().flat_map(cms::tokens) {
            if let Ok(stamp) = cms::read(stamp) {
                add(&stamp);
            }
        }
    }
    let _ = store(pdf, &mut evidence);
    evidence
}

/// Reads the document security store, as far as it can be read.
fn store(pdf: &PdfFile, evidence: &mut Evidence) -> crate::pdf::Result<()> {
    let Some(store) = pdf.get(&pdf.catalog()?, "DSS")? else { return Ok(()) };
    let mut left = MAX_STREAMS;
    for key in ["Certs", "CRLs", "OCSPs"] {
        let Some(list) = pdf.get(&store, key)? else { continue };
        for item in list.item.value.array().unwrap_or_default() {
            let Some(rest) = left.checked_sub(1) else { return Ok(()) };
            left = rest;
            let Ok(Some(stream)) = pdf.follow(&list, item) else { continue };
            let Ok(Some(bytes)) = pdf.data(&stream) else { continue };
            match key {
                "Certs" => Certificate::read(&bytes).into_iter().for_each(|one| evidence.certificate(one)),
                "CRLs" => evidence.crl(&bytes),
                _ => evidence.ocsp(&bytes),
            }
        }
    }
    Ok(())
}

/// Checks a signature over the bytes that it covers.
pub(super) fn check(
    pdf: &PdfFile,
    document: &Document<'_>,
    found: &mut Found<'_>,
    others: &[Certificate],
    budget: &Budget,
) {
    let range = match &found.since.range {
        Ok(range) => range.clone(),
        Err(reason) => {
            found.checked.add(Integrity::Broken, reason.clone());
            identify(found, others, budget);
            return;
        }
    };
    let content = document.parts(range.parts());
    if found.sub_filter.as_deref() == Some(old::X509) {
        bare(pdf, found, &content, budget);
        return;
    }
    let is_known = found.sub_filter.as_deref().is_some_and(|name| KNOWN.contains(&name));
    if !is_known {
        identify(found, others, budget);
    }
    let Some(data) = found.data.take() else { return };
    if !budget.spend(cost(&data, &content, others)) {
        found.checked.add(Integrity::Unsupported, TOO_COSTLY);
        found.data = Some(data);
        return;
    }
    if found.kind == SignatureKind::DocumentTimeStamp {
        let token = cms::token(&data, &content, others);
        merge(&mut found.checked, token.checked.clone());
        found.token = Some(token);
    } else {
        if found.sub_filter.as_deref() == Some(old::SHA1) {
            merge(&mut found.checked, old::over_digest(&data, &content, others));
            found.old_hash = Some(Hash::Sha1);
        } else if is_known {
            signature(&data, &content, others, &mut found.checked);
        }
        found.stamps = stamps(&data, others, budget);
    }
    found.data = Some(data);
}

/// Returns what it costs to check all signers of a signature over this.
fn cost(data: &SignedData<'_>, content: &Message<'_>, others: &[Certificate]) -> usize {
    let key = |certificate: &Certificate| certificate.key.cost();
    let keys: usize = data.certificates.iter().map(key).max().unwrap_or(1_000_000);
    let hashing = data.signers.iter().map(|signer| signer.hash.map_or(1, Hash::cost)).sum::<usize>().max(1);
    let each = keys.saturating_add(search_cost(data, others)).saturating_mul(data.signers.len().max(1));
    content.length().saturating_mul(hashing).saturating_add(each)
}

/// Returns what it costs to find the certificate that a signer names: names are compared letter by letter.
fn search_cost(data: &SignedData<'_>, others: &[Certificate]) -> usize {
    let all = data.certificates.iter().chain(others);
    all.map(|certificate| certificate.issuer.len().saturating_mul(20).saturating_add(500)).sum()
}

/// Checks a bare value.
fn bare(pdf: &PdfFile, found: &mut Found<'_>, content: &Message<'_>, budget: &Budget) {
    let hashed = content.length();
    if !budget.spend(hashed.saturating_mul(8).saturating_add(1_000_000)) {
        found.checked.add(Integrity::Unsupported, TOO_COSTLY);
        return;
    }
    let certificate = old::certificates(pdf, found.signature).into_iter().next();
    let contents = found.signature.object.dict().and_then(|dict| dict.get("Contents")?.value.string());
    let (checked, hash) = old::bare(contents.unwrap_or_default(), certificate, content);
    merge(&mut found.checked, checked);
    found.old_hash = Some(hash);
}

/// Notes whose certificate it is though nothing can be checked.
fn identify(found: &mut Found<'_>, others: &[Certificate], budget: &Budget) {
    let Some(data) = found.data.as_ref().filter(|data| budget.spend(search_cost(data, others))) else {
        return;
    };
    let signer = data.signers.first();
    found.checked.certificate = signer.and_then(|signer| cms::certificate_of(data, signer, others)).cloned();
}

fn signature(data: &SignedData<'_>, content: &Message<'_>, others: &[Certificate], checked: &mut Checked) {
    match data.content.as_deref() {
        None => {}
        Some([]) => checked.add(
            Integrity::Unsupported,
            Bilingual::fixed(
                "the signature holds an empty content beside the document, which readers judge differently",
                "签名内嵌了空内容，不同阅读器对此判断不一",
            ),
        ),
        Some(_) => checked.add(
            Integrity::Broken,
            Bilingual::fixed(
                "the signature holds a content of its own beside the document",
                "签名除文档外还内嵌了其他内容",
            ),
        ),
    }
    match data.signers.as_slice() {
        [] => checked.add(
            Integrity::Unsupported,
            Bilingual::fixed("the signature holds certificates, but no signer", "签名中只有证书，没有签名者"),
        ),
        [signer] => merge(checked, cms::check(data, signer, content, others)),
        [first, more @ ..] => {
            // Each has to hold; the certificate is the first one's.
            for signer in more {
                merge(checked, cms::check(data, signer, content, others));
            }
            merge(checked, cms::check(data, first, content, others));
            checked.notes.push(Bilingual::fixed(
                "the signature has several signers, and a PDF's should have one: only the first one's certificate is judged",
                "签名含有多个签名者，而 PDF 签名只应有一个：仅判断第一个的证书",
            ));
        }
    }
}

fn merge(checked: &mut Checked, other: Checked) {
    let place = if other.integrity > checked.integrity { 0 } else { checked.reasons.len() };
    checked.integrity = checked.integrity.max(other.integrity);
    checked.reasons.splice(place..place, other.reasons);
    checked.notes.extend(other.notes);
    checked.certificate = other.certificate.or(checked.certificate.take());
}

/// Checks the time stamps over a signature's value.
fn stamps<'a>(
    data: &SignedData<'a>,
    others: &[Certificate],
    budget: &Budget,
) -> Vec<(SignedData<'a>, CheckedToken)> {
    let Some(signer) = data.signers.first() else { return Vec::new() };
    let mut stamps = Vec::new();
    for bytes in cms::tokens(signer) {
        let Ok(stamp) = cms::read(bytes) else { continue };
        let key = |certificate: &Certificate| certificate.key.cost();
        if !budget.spend(stamp.certificates.iter().map(key).max().unwrap_or(1_000_000)) {
            break;
        }
        let token = cms::token(&stamp, &[&signer.signature[..]].into(), others);
        stamps.push((stamp, token));
    }
    stamps
}

impl Found<'_> {
    /// Returns the byte behind the last signed one, if the byte range has its shape.
    pub(super) fn end(&self) -> Option<usize> {
        self.since.range.as_ref().ok().map(|range| range.end)
    }

    /// Says whether it fits and covers a whole revision.
    pub(super) fn holds(&self) -> bool {
        self.checked.integrity == Integrity::Ok
            && matches!(self.since.coverage, Coverage::WholeFile | Coverage::Revision(_))
    }

    /// Returns a text of the signature dictionary.
    pub(super) fn text(&self, pdf: &PdfFile, key: &str) -> Option<String> {
        let value = pdf.entry(self.signature.object.dict()?, key).ok()?;
        let Value::String(_) = value else { return None };
        let shown: String = value.text()?.chars().filter(|letter| !letter.is_control()).take(512).collect();
        (!shown.trim().is_empty()).then_some(shown)
    }

    /// Returns each weakness of its algorithms, but for those of the policy.
    pub(super) fn weaknesses(&self) -> (bool, bool, Option<String>) {
        let mut names: Vec<String> = Vec::new();
        let signer = self.data.as_ref().and_then(|data| data.signers.first());
        if let Some(signer) = signer {
            names.push(signer.hash_name.clone());
            names.extend(signer.scheme.hash().map(|hash| hash.name().to_owned()));
        }
        names.extend(self.old_hash.map(|hash| hash.name().to_owned()));
        names.extend(self.token.iter().filter_map(|token| Some(token.imprint.as_ref()?.hash_name.clone())));
        let key = self.checked.certificate.as_ref().map(|certificate| &certificate.key);
        let short = key.and_then(|key| match key {
            PublicKey::Rsa { .. } | PublicKey::Other { .. } => Some((key.kind().to_owned(), key.bits()?)),
            _ => None,
        });
        let short = short.map(|(kind, bits)| format!("{kind} {bits}"));
        (names.iter().any(|name| name == "md5"), names.iter().any(|name| name == "sha1"), short)
    }
}
