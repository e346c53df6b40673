//! Signed PDFs from the field, kept beside the checkout and not in it: each opens with the pages and signatures
//! that others found in it, or fails and says why.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;
use wosigndoc::pdf::{PdfError, PdfErrorKind, PdfFile, Result, pages, signatures};

/// Longest time that one file may take, on a busy machine and without optimisation.
const MAX_TIME: Duration = Duration::from_secs(10);
/// Most files that may be refused: damaged ones, which others repair, and those that hide all in encrypted
/// streams.
const MAX_REFUSED: [(PdfErrorKind, usize); 2] = [(PdfErrorKind::Damaged, 16), (PdfErrorKind::Encrypted, 10)];

/// The corpus; `None` when it is not there, which CI does not bear.
fn corpus() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/pdf");
    let folder = std::env::var_os("PDF_CORPUS").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if folder.join("expected.json").exists() {
        return Some(folder);
    }
    crate::skip::skip(&format!("there is no {}, the signed PDFs to read", folder.display()));
    None
}

/// What this reader finds in a file.
struct Found {
    pages: usize,
    /// Field and byte range of each signature.
    signatures: Vec<(String, Option<Vec<i64>>)>,
    /// Where a revision ends, with and without the line end.
    ends: Vec<usize>,
}

fn read(bytes: Vec<u8>) -> Result<Found> {
    let pdf = PdfFile::open(bytes)?;
    let mut found = Found { pages: pages(&pdf)?.len(), signatures: Vec::new(), ends: Vec::new() };
    for signature in signatures(&pdf)? {
        let signature = signature?;
        found.signatures.push((signature.field.name.to_string(), signature.byte_range(&pdf)?));
        if let Some(contents) = pdf.get(&signature.object, "Contents")? {
            assert_eq!(pdf.text(&contents), &pdf.bytes()[contents.place().unwrap()]);
        }
    }
    for number in pdf.xref().numbers() {
        let _ = pdf.load(number);
    }
    for (index, range) in pdf.revisions().iter().enumerate() {
        let text = pdf.bytes()[range.clone()].trim_ascii_end();
        found.ends.extend([range.end, range.start + text.len()]);
        assert_eq!(pdf.revision(index)?.revisions(), &pdf.revisions()[..=index]);
    }
    Ok(found)
}

#[test]
fn every_file_is_read_or_says_why_not() {
    let Some(folder) = corpus() else { return };
    let expected = std::fs::read(folder.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let (mut count, mut refused) = (0, Vec::new());
    for file in expected["files"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let begun = Instant::now();
        match read(bytes) {
            Ok(found) => compare(name, file, &found),
            Err(error) => refused.push(explained(name, file, error)),
        }
        assert!(begun.elapsed() < MAX_TIME, "{name} took {:?}", begun.elapsed());
        count += 1;
    }
    assert!(count >= 360, "only {count} files");
    for (kind, limit) in MAX_REFUSED {
        let found = refused.iter().filter(|refused| **refused == kind).count();
        assert!(found <= limit, "{found} files are refused as {kind:?}");
    }
}

/// What is refused is refused for a reason: what others call valid is at most encrypted.
fn explained(name: &str, file: &Value, error: PdfError) -> PdfErrorKind {
    println!("{name}: {error}");
    assert!(!error.what.en.is_empty() && error.what.zh.chars().any(|c| c >= '\u{4e00}'), "{name}: {error}");
    match error.kind {
        PdfErrorKind::Encrypted => assert_eq!(file["encrypted"], true, "{name}"),
        PdfErrorKind::Damaged => assert_ne!(file["document"]["verdict"], "valid", "{name}: {error}"),
        _ => panic!("{name}: {error}"),
    }
    error.kind
}

/// The same pages, signatures and revisions as others found.
fn compare(name: &str, file: &Value, found: &Found) {
    if let Some(pages) = file["document"]["pages"].as_u64() {
        assert_eq!(found.pages as u64, pages, "{name}: pages");
    }
    let signatures = file["signatures"].as_array().unwrap();
    // Names are encrypted where strings are.
    if file["encrypted"] == false {
        let names = |names: &mut dyn Iterator<Item = &str>| {
            let mut names: Vec<String> = names.map(str::to_owned).collect();
            names.sort();
            names
        };
        let expected = names(&mut signatures.iter().map(|it| it["field"].as_str().unwrap()));
        assert_eq!(names(&mut found.signatures.iter().map(|it| &*it.0)), expected, "{name}: fields");
    }
    for signature in signatures {
        if let Some(numbers) = signature["byte_range"].as_array() {
            let numbers: Option<Vec<i64>> = numbers.iter().map(Value::as_i64).collect();
            let known = found.signatures.iter().any(|(_, range)| *range == numbers);
            assert!(known, "{name}: {numbers:?} in {:?}", found.signatures);
        }
        let coverage = &signature["coverage"];
        if coverage["value"] == "revision" {
            let end = usize::try_from(coverage["signed_end"].as_u64().unwrap()).unwrap();
            assert!(found.ends.contains(&end), "{name}: no revision ends at {end} but at {:?}", found.ends);
        }
    }
}
