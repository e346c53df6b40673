//! A document is held against what a site trusts before it is taken; one that fails is kept aside, for a person to
//! look at.

use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::folder::make_private;
use super::intake::Destination;
use super::save::write_private;
use crate::protocol::push::Push;
use crate::protocol::{Bilingual, Error, Reason, Result};
use crate::section::Section;
use crate::verify::{self, Report, Verdict};

/// Documents that are kept aside, unless the options say otherwise: a stranger must not fill the disk.
const MAX_FILES: u64 = 1000;

/// What a document is held against before it is taken.
#[derive(Clone, Debug)]
pub struct Verification {
    /// Whom the site trusts, and what it demands. Only a document whose verdict is `valid` is taken.
    pub options: verify::Options,
    /// Where a document that fails is kept.
    pub quarantine: Option<Quarantine>,
}

/// A folder for documents that were not taken: `SHA-256.pdf`, and beside each its report, `SHA-256.json`. Only this user can
/// read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// The folder. It is made where it is missing, for this user alone.
    pub folder: PathBuf,
    /// How many documents it holds, or a few more when several come at once: nothing is locked, since a process that forks
    /// would be left with the lock. A further one is refused like the others, and not kept.
    pub max_files: u64,
}

impl Verification {
    /// Reads the two settings; `None` if there is neither, or one has a problem.
    pub(super) fn read(
        verify: Option<Map<String, Value>>,
        quarantine: Option<Map<String, Value>>,
        problems: &mut Vec<Error>,
    ) -> Option<Verification> {
        let quarantine = quarantine.and_then(|map| Quarantine::read(map, problems));
        let Some(map) = verify else {
            if quarantine.is_some() {
                let error = Error::new(Reason::BadOption).field("quarantine");
                problems.push(error.detail("has no meaning without verify", "没有 verify 时没有意义"));
            }
            return None;
        };
        let mut found = Vec::new();
        let options = verify::Options::read(map, &mut found);
        if options.path.is_some() {
            let error = Error::new(Reason::BadOption).field("path");
            found.push(
                error.detail("has no meaning here: the push has the document", "此处没有意义：文档在推送中"),
            );
        }
        if found.is_empty() && options.roots.is_empty() && options.trust.is_empty() {
            let error = Error::new(Reason::MissingOption).field("roots");
            found.push(
                error.detail("say whom you trust, by roots or by trust", "请通过 roots 或 trust 说明信任谁"),
            );
        }
        problems.extend(found.into_iter().map(|error| {
            let path = error.field_path().map_or("verify".to_owned(), |field| format!("verify.{field}"));
            error.field(path)
        }));
        Some(Verification { options, quarantine })
    }

    /// Verifies a document whose hash held.
    ///
    /// # Errors
    /// `document_untrusted` for every verdict but `valid`, with the report, and with where the document is.
    pub(super) fn judge(&self, document: &mut Destination<'_>, sha256: &str, push: &Push) -> Result<Report> {
        let report = verify::verify(document.copy()?, &self.options);
        if report.verdict == Verdict::Valid {
            return Ok(report);
        }
        let mut error = Error::new(Reason::DocumentUntrusted).detailed(summary(&report));
        if let Some(quarantine) = &self.quarantine {
            let kept = document.copy().and_then(|bytes| quarantine.keep(&bytes, sha256, push, &report));
            error = error.beside(
                "quarantine",
                match kept {
                    Ok(path) => json!({ "path": path.to_string_lossy() }),
                    Err(problem) => json!({ "error": problem.to_json() }),
                },
            );
        }
        Err(error.beside("report", json!(report)))
    }
}

/// Names the verdict and its reasons by their words alone: the messages may name people.
fn summary(report: &Report) -> Bilingual {
    let mut words: Vec<&str> = report.reasons.iter().map(|reason| reason.code).collect();
    words.dedup();
    let (en, zh) = match report.verdict {
        Verdict::Invalid => ("invalid", "无效"),
        _ => ("indeterminate", "无法判定"),
    };
    let words = words.join(", ");
    Bilingual::new(format!("{en} ({words})"), format!("{zh}（{words}）"))
}

impl Quarantine {
    fn read(map: Map<String, Value>, problems: &mut Vec<Error>) -> Option<Quarantine> {
        let mut section = Section::new(map, "quarantine", problems);
        let folder = section.some_text("folder").map(|folder| PathBuf::from(folder.as_str()));
        let max_files = section.number("max_files", 1..=u64::MAX).unwrap_or(MAX_FILES);
        if folder.is_none() {
            section.missing("folder");
        }
        section.finish();
        Some(Quarantine { folder: folder?, max_files })
    }

    /// Keeps a document and its report; the same document again takes no more room. Returns the document's path.
    fn keep(&self, document: &[u8], sha256: &str, push: &Push, report: &Report) -> Result<PathBuf> {
        let unwritable = |error| Error::of_system(Reason::FileUnwritable, self.folder.display(), &error);
        make_private(&self.folder).map_err(unwritable)?;
        let path = self.folder.join(format!("{sha256}.pdf"));
        if !path.exists() {
            let names = fs::read_dir(&self.folder).map_err(unwritable)?.flatten();
            let count = names.filter(|entry| entry.path().extension().is_some_and(|suffix| suffix == "pdf"));
            if count.count() as u64 >= self.max_files {
                let max = self.max_files;
                return Err(Error::new(Reason::FileUnwritable).field("quarantine.max_files").detail(
                    format!("the folder holds {max} documents already; look at them and remove them"),
                    format!("文件夹中已有 {max} 个文档；请检查并移除"),
                ));
            }
            write_private(document, &path)?;
        }
        let beside = self.folder.join(format!("{sha256}.json"));
        // What was said of the document when it came first stays: whoever pushes it again may call it otherwise.
        if !beside.exists() {
            let facts = json!({ "ordernumber": push.order_number, "signid": push.signid, "report": report });
            write_private(facts.to_string().as_bytes(), &beside)?;
        }
        Ok(path)
    }
}
