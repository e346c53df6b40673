//! What a caller can set about verifying a document.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::asn1::{Timed, generalized};
use super::policy::{Policy, Preset, Then};
use super::signers::{Match, NameRule, Required, RequiredSigner, Rule};
use super::trust::Roots;
use super::trust_block::TrustBlock;
use crate::protocol::{Error, Reason, Result, json};
use crate::section::{self, Section};

/// Longest list of signers or files.
const MAX_LIST: usize = 1000;

/// What a document is held against. The default trusts nobody: give roots, or a trust block.
#[derive(Clone, Default)]
pub struct Options {
    /// The file of the document, for callers that have no bytes in memory: see [`Options::document`].
    pub path: Option<PathBuf>,
    /// The roots that are trusted.
    pub roots: Roots,
    /// Chains that a person has looked at: see [`trust_of`](super::trust_of).
    pub trust: Vec<TrustBlock>,
    /// The password of an encrypted document, the user's or the owner's.
    pub password: Option<Zeroizing<String>>,
    /// The time to judge at, in seconds since 1970; `None` stands for now. A trusted time stamp goes before it.
    pub at: Option<i64>,
    /// What follows from what.
    pub policy: Policy,
    /// Who has to have signed.
    pub signers: Option<Required>,
    /// The document that was sent for signing.
    pub sent: Option<Arc<Vec<u8>>>,
}

impl std::fmt::Debug for Options {
    /// Shows neither the password nor who has to sign.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("roots", &self.roots.len())
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// Reads options; no text at all stands for the default. All settings are optional; `docs/verification.md` has a
    /// table of them.
    ///
    /// # Errors
    /// `bad_json`, `unknown_option`, `bad_option`, `roots_unreadable`, naming the setting.
    pub fn from_json(text: &[u8]) -> Result<Options> {
        if json::without_mark(text).trim_ascii().is_empty() {
            return Ok(Options::default());
        }
        section::read_text(text, "options", Options::read)
    }

    /// Returns the document that is to be verified: these bytes, or, if there are none, what the file [`Options::path`]
    /// holds.
    ///
    /// # Errors
    /// `missing_option` when there is neither, `bad_option` when there are both, `file_unreadable`.
    pub fn document(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        match (&self.path, bytes.is_empty()) {
            (None, false) => Ok(bytes.to_vec()),
            (None, true) => Err(Error::new(Reason::MissingOption).field("path")),
            (Some(_), false) => {
                let error = Error::new(Reason::BadOption).field("path");
                Err(error.detail("give the document or its path, not both", "请只提供文档或其路径之一"))
            }
            (Some(path), true) => read_file(path).map_err(|error| {
                Error::of_system(Reason::FileUnreadable, path.display(), &error).field("path")
            }),
        }
    }

    pub(crate) fn read(map: Map<String, Value>, problems: &mut Vec<Error>) -> Options {
        let mut top = Section::new(map, "", problems);
        let path = top.some_text("path").map(|path| PathBuf::from(path.as_str()));
        let preset = top.choice("preset", &PRESETS).unwrap_or_default();
        let password = top.text("password");
        let at = at(&mut top);
        let sent = top.some_text("sent").and_then(|path| file(&mut top, "sent", Path::new(path.as_str())));
        let (policy, roots, signers) = (top.section("policy"), top.section("roots"), top.section("signers"));
        let (trust, order) = (top.sections("trust"), top.section("order"));
        let policy = read_policy(policy.unwrap_or_default(), preset, top.problems());
        let roots = read_roots(roots.unwrap_or_default(), top.problems());
        let trust = trust.unwrap_or_default().into_iter().take(MAX_LIST);
        let trust = trust.filter_map(|block| TrustBlock::read(block, top.problems())).collect();
        let signers = read_signers(signers, order.as_ref(), top.problems());
        top.finish();
        Options { path, roots, trust, password, at, policy, signers, sent: sent.map(Arc::new) }
    }
}

const PRESETS: [(&str, Preset); 3] =
    [("strict", Preset::Strict), ("default", Preset::Default), ("report", Preset::Report)];
const THENS: [(&str, Then); 3] =
    [("accept", Then::Accept), ("indeterminate", Then::Indeterminate), ("invalid", Then::Invalid)];

/// Reads the time to judge at: `2026-11-24T20:29:00Z`.
fn at(top: &mut Section<'_>) -> Option<Timed> {
    let text = top.some_text("at")?;
    let packed: String = text.chars().filter(|letter| !matches!(letter, '-' | ':' | 'T')).collect();
    let time = generalized(packed.as_bytes()).filter(|_| text.ends_with('Z') && text.len() >= 20);
    if time.is_none() {
        top.wrong(
            "at",
            "must be a time in UTC such as 2026-11-24T20:29:00Z",
            "应为 UTC 时间，例如 2026-11-24T20:29:00Z",
        );
    }
    time
}

/// Reads a file, and nothing else: a pipe would block.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    std::fs::read(path)
}

fn file(top: &mut Section<'_>, name: &str, path: &Path) -> Option<Vec<u8>> {
    match read_file(path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            let field = top.name(name);
            top.problems().push(Error::of_system(Reason::BadOption, path.display(), &error).field(field));
            None
        }
    }
}

fn read_policy(map: Map<String, Value>, preset: Preset, problems: &mut Vec<Error>) -> Policy {
    let mut section = Section::new(map, "policy", problems);
    let mut policy = Policy::of(preset);
    for (name, then) in [
        ("unknown_revocation", &mut policy.unknown_revocation),
        ("expired", &mut policy.expired),
        ("weak", &mut policy.weak),
        ("warnings", &mut policy.warnings),
    ] {
        *then = section.choice(name, &THENS).unwrap_or(*then);
    }
    let bits = section.number("rsa_bits", 512..=16_384).and_then(|bits| usize::try_from(bits).ok());
    policy.minimum.rsa_bits = bits.unwrap_or(policy.minimum.rsa_bits);
    policy.minimum.sha1 = section.flag("sha1").unwrap_or(policy.minimum.sha1);
    section.finish();
    policy
}

fn read_roots(map: Map<String, Value>, problems: &mut Vec<Error>) -> Roots {
    let mut section = Section::new(map, "roots", problems);
    let mut roots = Roots::default();
    for path in section.texts("ca_file").unwrap_or_default().into_iter().take(MAX_LIST) {
        if let Err(error) = roots.add_file(Path::new(&path), "roots.ca_file") {
            section.problems().push(error);
        }
    }
    for text in section.texts("ca").unwrap_or_default().into_iter().take(MAX_LIST) {
        if let Err(error) = roots.add(text.as_bytes(), "roots.ca") {
            section.problems().push(error);
        }
    }
    section.finish();
    roots
}

fn read_signers(
    map: Option<Map<String, Value>>,
    order: Option<&Map<String, Value>>,
    problems: &mut Vec<Error>,
) -> Option<Required> {
    if map.is_none() && order.is_none() {
        return None;
    }
    let mut section = Section::new(map.unwrap_or_default(), "signers", problems);
    let names = section.texts("names").unwrap_or_default().into_iter().take(MAX_LIST);
    let mut signers: Vec<RequiredSigner> = names.map(RequiredSigner::named).collect();
    match order.map(RequiredSigner::of_order).transpose() {
        Ok(ordered) => signers.extend(ordered.unwrap_or_default()),
        Err(field) => section.problems().push(Error::new(Reason::BadOption).field(field).detail(
            "must be the signers of an order, up to 1000, each with orgName or userName",
            "应为订单的签署方列表，至多 1000 个，各有 orgName 或 userName",
        )),
    }
    let in_order = section.flag("in_order").unwrap_or(order.is_some());
    let count = section.number("count", 0..=MAX_LIST as u64).and_then(|count| usize::try_from(count).ok());
    let rule = section.section("match");
    let rule = read_match(rule.unwrap_or_default(), section.problems());
    section.finish();
    Some(Required { signers, in_order, count, rule })
}

fn read_match(map: Map<String, Value>, problems: &mut Vec<Error>) -> Match {
    let mut section = Section::new(map, "signers.match", problems);
    let names = [
        ("exact", NameRule::Exact),
        ("folded", NameRule::Folded),
        ("contains", NameRule::Contains),
        ("ignore", NameRule::Ignore),
    ];
    let rules = [("ignore", Rule::Ignore), ("if_present", Rule::IfPresent), ("required", Rule::Required)];
    let rule = Match {
        name: section.choice("name", &names).unwrap_or_default(),
        number: section.choice("number", &rules).unwrap_or_default(),
        dictionary: section.flag("dictionary").unwrap_or(false),
    };
    section.finish();
    rule
}
