//! Signed PDFs from the field, kept beside the checkout and not in it, with what independent validators found:
//! `CORPUS=DIR cargo test --test changes corpus -- --nocapture` prints how far we agree, and where not.

use std::path::PathBuf;

use serde_json::Value;
use wosigndoc::pdf::{PdfFile, Result, Signature, signatures};
use wosigndoc::verify::changes::{Coverage, History, Since, Verdict};

/// Least part of the findings, in thousandths, on which we agree.
const MIN_AGREEMENT: usize = 980;
/// The corpus; `None` when it is not there, which CI does not bear.
fn corpus() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/pdf");
    let named = std::env::var_os("CORPUS").or_else(|| std::env::var_os("PDF_CORPUS"));
    let folder = named.map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if folder.join("expected.json").exists() {
        return Some(folder);
    }
    crate::skip::skip(&format!("there is no {}, the signed PDFs to compare", folder.display()));
    None
}

/// On how many findings of one kind we agree.
#[derive(Default)]
struct Tally {
    agree: usize,
    differ: usize,
}

impl Tally {
    /// Counts a finding, unless it accepts everything.
    fn count(&mut self, accepted: &Value, found: &str, about: &str, details: &dyn Fn() -> String) -> bool {
        let values = accepted.as_array().unwrap();
        if values.len() >= 4 || values.iter().any(|value| value == found) {
            self.agree += usize::from(values.len() < 4);
            return true;
        }
        self.differ += 1;
        println!("{about}: {found}, expected {accepted}{}", details());
        false
    }

    fn check(&self, what: &str) {
        let all = self.agree + self.differ;
        println!("{what}: {} of {all} agree", self.agree);
        assert!(self.agree * 1000 >= all * MIN_AGREEMENT, "{what}: only {} of {all}", self.agree);
    }
}

fn coverage(since: &Since) -> &'static str {
    match since.coverage {
        Coverage::WholeFile => "whole file",
        Coverage::Revision(_) => "revision",
        Coverage::PartOfRevision => "part of a revision",
        Coverage::Malformed => "malformed",
    }
}

fn verdict(since: &Since) -> &'static str {
    match since.changes.verdict {
        Verdict::None => "none",
        Verdict::Permitted => "permitted",
        Verdict::NotPermitted => "not permitted",
        Verdict::Undecided => "undecided",
    }
}

/// What is found in a file: each signature by its field's name.
fn read(bytes: Vec<u8>, password: Option<&str>) -> Result<Vec<(String, Since)>> {
    let pdf = PdfFile::open_with(bytes, password)?;
    let found: Vec<Signature> = signatures(&pdf)?.collect::<Result<_>>()?;
    let each = History::new(&pdf).since_each(&found);
    Ok(found.iter().map(|signature| signature.field.name.to_string()).zip(each).collect())
}

#[test]
fn corpus_is_judged_as_others_judge_it() {
    let Some(folder) = corpus() else { return };
    let expected = std::fs::read(folder.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let (mut covered, mut changed, mut certified) = (Tally::default(), Tally::default(), Tally::default());
    for file in expected["files"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        let found = match read(std::fs::read(folder.join(name)).unwrap(), file["password"].as_str()) {
            Ok(found) => found,
            Err(error) => {
                // What cannot be read is at least not called good.
                assert!(file["document"]["accept"] != serde_json::json!(["valid"]), "{name}: {error}");
                continue;
            }
        };
        for signature in file["signatures"].as_array().unwrap() {
            let field = signature["field"].as_str().unwrap();
            let about = format!("{name}, {field}");
            let since = &found.iter().find(|(name, _)| name == field).expect(&about).1;
            let why = || {
                let each = since.changes.changes.iter();
                each.map(|it| format!("\n    {:?}: {} {:?}", it.verdict, it.what.en, it.object)).collect()
            };
            covered.count(&signature["coverage"]["accept"], coverage(since), &about, &String::new);
            let agrees = changed.count(&signature["changes"]["accept"], verdict(since), &about, &why);
            assert!(agrees || since.changes.verdict >= Verdict::Undecided, "{about} is called good");
            let level = since.certification.map_or(Value::Null, Value::from);
            let same = level == signature["certification"];
            certified.agree += usize::from(same);
            certified.differ += usize::from(!same);
        }
    }
    covered.check("coverage");
    changed.check("changes");
    certified.check("certification");
}
