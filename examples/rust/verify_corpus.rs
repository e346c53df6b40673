//! Verifies every document of a folder that holds an `expected.json`, and prints how far the findings agree with those
//! expected there: `make corpus CORPUS=folder`. Exit status 1 when a document is called valid that must not be.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a tool for people, which may stop where the folder is not as it should be"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Value, json};
use wosigndoc::verify::{Options, verify};

/// How often a finding agreed, and was asked for.
type Counts = BTreeMap<&'static str, (usize, usize)>;

/// What a run over a folder found.
#[derive(Default)]
pub struct Run {
    counts: Counts,
    disagreements: Vec<String>,
    /// The documents that were called valid and must not be.
    pub wrongly_valid: Vec<String>,
    /// Seconds that the slowest document took, and its name.
    pub slowest: (f64, String),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = arguments.first().map(Path::new) else {
        eprintln!("name a folder with an expected.json");
        return ExitCode::from(2);
    };
    let run = over(folder, arguments.get(1).map(String::as_str));
    run.print();
    if run.wrongly_valid.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Verifies every document of a folder, or those whose name has this in it, whose reports are printed.
pub fn over(folder: &Path, only: Option<&str>) -> Run {
    let expected = std::fs::read(folder.join("expected.json")).expect("expected.json can be read");
    let expected: Value = serde_json::from_slice(&expected).expect("expected.json is JSON");
    let mut run = Run::default();
    for entry in expected["files"].as_array().into_iter().flatten() {
        let name = entry["file"].as_str().unwrap_or_default();
        if only.is_some_and(|wanted| !name.contains(wanted)) {
            continue;
        }
        let begun = Instant::now();
        let report = judge(folder, &expected, entry);
        let took = begun.elapsed().as_secs_f64();
        if took > run.slowest.0 {
            run.slowest = (took, name.to_owned());
        }
        if only.is_some() {
            println!("{}", serde_json::to_string_pretty(&report).unwrap_or_default());
        }
        run.document(name, entry, &report);
    }
    run
}

/// Returns the report about one document as JSON.
fn judge(folder: &Path, expected: &Value, entry: &Value) -> Value {
    let options = json!({
        "roots": {"ca_file": folder.join(expected["roots"].as_str().unwrap_or_default())},
        "at": expected["validation_time"],
        "password": entry["password"],
    });
    let options = Options::from_json(options.to_string().as_bytes()).expect("the options are right");
    let document = std::fs::read(folder.join(entry["file"].as_str().unwrap_or_default()));
    serde_json::to_value(verify(document.expect("the document can be read"), &options)).unwrap_or_default()
}

impl Run {
    fn document(&mut self, name: &str, entry: &Value, report: &Value) {
        let state = match report["state"].as_str().unwrap_or_default() {
            "intact" => "valid",
            other => other,
        };
        let accept = &entry["document"]["accept"];
        if (state == "valid" || report["verdict"] == "valid") && !accepts(accept, "valid") {
            self.wrongly_valid.push(name.to_owned());
        }
        let why = report["reasons"][0]["message"]["en"].as_str().unwrap_or_default();
        if entry["scored"] != false {
            self.finding("verdict", name, state, accept, why);
        }
        let found = report["signatures"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (index, wanted) in entry["signatures"].as_array().into_iter().flatten().enumerate() {
            let label = format!("{name} [{index}] {}", wanted["field"].as_str().unwrap_or_default());
            match same_signature(wanted, found) {
                Some(found) => self.signature(&label, wanted, found),
                None => self.finding("found", &label, "missing", &json!(["found"]), why),
            }
        }
    }

    fn signature(&mut self, label: &str, wanted: &Value, found: &Value) {
        for name in ["integrity", "coverage", "changes", "trust"] {
            let accept = &wanted[name]["accept"];
            let value = words(found[name]["value"].as_str().unwrap_or_default());
            let why = found[name]["reasons"][0]["en"].as_str().unwrap_or_default();
            if accept.as_array().is_some_and(|all| !is_everything(name, all)) {
                self.finding(name, label, value, accept, why);
            }
        }
        let text = |value: &Value| value.to_string();
        let certification = text(&found["certification"]);
        self.finding("certification", label, &certification, &json!([text(&wanted["certification"])]), "");
        if wanted["integrity"]["value"] == "ok" {
            let sorted = |list: &Value| {
                let mut list: Vec<String> = list.as_array().into_iter().flatten().map(text).collect();
                list.sort();
                list.join(" ")
            };
            let weak = sorted(&found["strength"]["weak"]);
            self.finding("strength", label, &weak, &json!([sorted(&wanted["strength"]["weak"])]), "");
            let stamp = match found["time_stamp"]["integrity"]["value"].as_str() {
                None => "none",
                Some("unsupported") => "undecided",
                Some(value) => value,
            };
            let why = found["time_stamp"]["integrity"]["reasons"][0]["en"].as_str().unwrap_or_default();
            self.finding("time stamp", label, stamp, &json!([wanted["time"]["embedded_timestamp"]]), why);
        }
    }

    fn finding(&mut self, kind: &'static str, label: &str, value: &str, accept: &Value, why: &str) {
        let count = self.counts.entry(kind).or_default();
        count.1 += 1;
        if accepts(accept, value) {
            count.0 += 1;
        } else {
            self.disagreements.push(format!("{kind}: {label}: {value}, expected {accept}: {why}"));
        }
    }

    /// Returns how many percent of a kind of finding agree; without a kind, of all but the verdicts.
    pub fn share(&self, kind: Option<&str>) -> f64 {
        let wanted = |found: &&str| kind.map_or(*found != "verdict", |kind| *found == kind);
        let found = self.counts.iter().filter(|(found, _)| wanted(found)).map(|(_, count)| count);
        let (agreed, asked) = found.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        percent(agreed, asked)
    }

    /// Prints every disagreement and the agreement of each finding.
    pub fn print(&self) {
        let mut disagreements = self.disagreements.clone();
        disagreements.sort();
        disagreements.iter().for_each(|line| println!("{line}"));
        for (kind, (agreed, asked)) in &self.counts {
            println!("{kind}: {agreed} of {asked} agree ({:.2} %)", percent(*agreed, *asked));
        }
        println!("all findings: {:.2} %", self.share(None));
        println!("slowest: {:.2} s, {}", self.slowest.0, self.slowest.1);
        println!("called valid and must not be: {} {:?}", self.wrongly_valid.len(), self.wrongly_valid);
    }
}

#[allow(clippy::cast_precision_loss)] // counts of documents
fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

fn accepts(accept: &Value, value: &str) -> bool {
    accept.as_array().is_some_and(|all| all.iter().any(|one| one == value))
}

/// What accepts every answer is there for information.
fn is_everything(name: &str, accept: &[Value]) -> bool {
    let all = match name {
        "integrity" => 3,
        "trust" => 5,
        _ => 4,
    };
    accept.len() >= all
}

fn words(value: &str) -> &str {
    match value {
        "whole_file" => "whole file",
        "part_of_revision" => "part of a revision",
        "not_permitted" => "not permitted",
        other => other,
    }
}

/// Finds the signature in the report that is expected here: of the same field, and of several the one that ends there.
fn same_signature<'a>(wanted: &Value, found: &'a [Value]) -> Option<&'a Value> {
    let same: Vec<&Value> = found.iter().filter(|one| one["field"] == wanted["field"]).collect();
    let end = &wanted["coverage"]["signed_end"];
    same.iter().find(|one| one["signed_end"] == *end).or(same.first()).copied()
}
