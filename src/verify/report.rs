//! What was found about a document. Every reason is in English and Chinese; names are those of the JSON.

use serde::Serialize;

use super::changes::ChangeKind;
use super::policy::Then;
use crate::protocol::Bilingual;

/// Whether a document is what it claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Signed by whom the caller trusts, and unchanged.
    Valid,
    /// Nobody here can say.
    Indeterminate,
    /// Not what it claims to be.
    Invalid,
}

/// What a document's signatures say of its contents, whoever signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Every signature fits, and what came after it is permitted.
    Intact,
    /// A signature is broken, or something was changed that may not be.
    Altered,
    /// Neither is proven.
    Undecided,
    /// It has no signature.
    Unsigned,
    /// It cannot be read.
    Unreadable,
}

/// The report about a document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// What made it so, and what is worth knowing beside it: the worst first.
    pub reasons: Vec<Reason>,
    /// What the signatures say, whoever signed.
    pub state: State,
    /// Facts about the document; `None` if it cannot be read.
    pub document: Option<DocumentFacts>,
    /// Its signatures and document time stamps, in the order in which they were made.
    pub signatures: Vec<SignatureReport>,
    /// Who should have signed, if that was asked.
    pub signers: Option<SignersReport>,
    /// How it differs from what was sent, if that was given.
    pub sent: Option<SentReport>,
}

/// One reason of the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What it is, for programs.
    pub code: &'static str,
    /// What follows from it.
    pub then: Then,
    /// The field of the signature that it is about.
    pub signature: Option<String>,
    /// The same for people.
    pub message: Bilingual,
}

/// Facts about a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentFacts {
    /// Its length in bytes.
    pub size: usize,
    /// SHA-256 of it, hexadecimal.
    pub sha256: String,
    /// How many pages it has, if they can be read.
    pub pages: Option<usize>,
    /// How many revisions.
    pub revisions: usize,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// What the certifying signature allows: 1 nothing, 2 filling in and signing, 3 also annotations.
    pub certification: Option<i64>,
}

/// A finding: its value, a word, and the reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding<T> {
    /// The value.
    pub value: T,
    /// Why.
    pub reasons: Vec<Bilingual>,
}

/// What kind of signature it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureKind {
    /// Somebody's signature.
    Signature,
    /// A document time stamp.
    DocumentTimeStamp,
}

/// Whether a signature fits what it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Integrity {
    /// It does.
    Ok,
    /// It does not.
    Broken,
    /// Nobody here can say.
    Unsupported,
}

/// Whether a signer is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Its certificate leads to a given root, and was good at the time.
    Trusted,
    /// It leads to none, or may not be used so.
    Untrusted,
    /// It, or one above it, had expired.
    Expired,
    /// It, or one above it, was revoked.
    Revoked,
    /// Nobody here can say.
    Undecided,
}

/// Whether certificates were revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// The document proves that none was.
    Good,
    /// One was.
    Revoked,
    /// The document does not prove it.
    Unknown,
}

/// How far a signature reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// To the end of the file.
    WholeFile,
    /// To the end of an earlier revision.
    Revision,
    /// To somewhere within a revision.
    PartOfRevision,
    /// Its byte range has not the shape that it must have.
    Malformed,
}

/// What was changed after a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangesSince {
    /// Nothing.
    None,
    /// Only what may be.
    Permitted,
    /// What may not be.
    NotPermitted,
    /// Nobody here can say.
    Undecided,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeReport {
    /// What kind of thing was changed.
    pub kind: ChangeKind,
    /// Whether it may be.
    pub value: ChangesSince,
    /// The object that was changed.
    pub object: Option<u32>,
    /// The page, counted from 1.
    pub page: Option<usize>,
    /// The form field.
    pub field: Option<String>,
    /// What was changed.
    pub message: Bilingual,
}

/// How strong the algorithms are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Strength {
    /// Each weakness: `md5`, `sha1`, `rsa 1024`.
    pub weak: Vec<String>,
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateFacts {
    /// Whose it is.
    pub subject: String,
    /// The common name of it.
    pub name: Option<String>,
    /// Who issued it.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: String,
    /// Valid to.
    pub not_after: String,
    /// SHA-256 of its DER, hexadecimal.
    pub sha256: String,
    /// The DER in base64; empty for one that is longer than 32 KiB.
    pub certificate: String,
}

/// A time, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeReport {
    /// The time in UTC.
    pub time: String,
    /// `signing_time` (the signed attribute), `m` (the dictionary's /M), `time_stamp` (a token over the signature), or
    /// `document_time_stamp`.
    pub source: &'static str,
}

/// The algorithms of a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Algorithms {
    /// The hash over the document.
    pub digest: String,
    /// How it is signed.
    pub signature: String,
    /// The kind of key.
    pub key: Option<String>,
    /// Its length in bits.
    pub bits: Option<usize>,
    /// Its curve.
    pub curve: Option<&'static str>,
}

/// A time stamp over a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeStampReport {
    /// The time that it says.
    pub time: Option<String>,
    /// Whether it fits.
    pub integrity: Finding<Integrity>,
    /// Whether whoever made it is trusted.
    pub trust: Option<Finding<Trust>>,
    /// Who made it.
    pub signer: Option<CertificateFacts>,
    /// Its algorithms.
    pub algorithms: Option<Algorithms>,
}

/// What was found about one signature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignatureReport {
    /// The full name of its form field.
    pub field: String,
    /// What it is.
    pub kind: SignatureKind,
    /// `/SubFilter`.
    pub sub_filter: Option<String>,
    /// The page that it is seen on, counted from 1.
    pub page: Option<usize>,
    /// Where on the page, in its own units: left, bottom, right, top.
    #[serde(rename = "box")]
    pub rectangle: Option<[f64; 4]>,
    /// Whose certificate signed.
    pub signer: Option<CertificateFacts>,
    /// The certificates from there up, as far as they are known.
    pub chain: Vec<CertificateFacts>,
    /// `/Name`, `/Reason` and `/Location`, which nobody vouches for but the signer.
    pub name: Option<String>,
    /// The same.
    pub reason: Option<String>,
    /// The same.
    pub location: Option<String>,
    /// The time that the signer claims.
    pub claimed_time: Option<TimeReport>,
    /// The time by which a trusted time stamp proves that it was signed.
    pub proven_time: Option<TimeReport>,
    /// The time that its certificate was judged at.
    pub judged_at: Option<String>,
    /// Its algorithms.
    pub algorithms: Option<Algorithms>,
    /// Whether it fits.
    pub integrity: Finding<Integrity>,
    /// Whether the signer is trusted.
    pub trust: Finding<Trust>,
    /// Whether a certificate was revoked.
    pub revocation: Finding<Revocation>,
    /// How far it reaches.
    pub coverage: Finding<Coverage>,
    /// The byte behind the last signed one.
    pub signed_end: Option<usize>,
    /// The revision that it covers, counted from 1.
    pub revision: Option<usize>,
    /// What was changed since.
    pub changes: Finding<ChangesSince>,
    /// Each change.
    pub changed: Vec<ChangeReport>,
    /// Whether there are more than are listed.
    pub more_changes: bool,
    /// What it allows afterwards, if it certifies the document.
    pub certification: Option<i64>,
    /// How strong it is.
    pub strength: Strength,
    /// The time stamp over it.
    pub time_stamp: Option<TimeStampReport>,
    /// What is odd, and breaks nothing.
    pub warnings: Vec<Bilingual>,
}

/// Who should have signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignersReport {
    /// Whether everybody did who had to.
    pub complete: bool,
    /// Each who had to.
    pub required: Vec<RequiredReport>,
    /// How names were compared.
    pub rule: Bilingual,
}

/// One who had to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequiredReport {
    /// The name.
    pub name: String,
    /// The field of the signature, if there is one.
    pub signature: Option<String>,
    /// What was compared with what.
    pub message: Bilingual,
}

/// How a document differs from what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SentReport {
    /// Whether it shows the same pages.
    pub same: Option<bool>,
    /// What differs.
    pub differences: Vec<ChangeReport>,
    /// Whether there are more than are listed.
    pub more: bool,
}
