//! Signed PDFs from the field, kept beside the checkout and not in it: none is called valid that must not be, and the
//! findings agree with others'.

use std::path::PathBuf;

#[allow(dead_code)] // its main is the example's
#[path = "../../examples/rust/verify_corpus.rs"]
mod example;

/// Longest time that one document may take, in seconds, on a busy machine and without optimisation.
const MAX_TIME: f64 = 10.0;

/// CI does not bear that the corpus is not there.
#[test]
fn findings_agree() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/pdf");
    let folder = std::env::var_os("PDF_CORPUS").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if !folder.join("expected.json").exists() {
        crate::tools::skip::skip(&format!("there is no {}, the signed PDFs to verify", folder.display()));
        return;
    }
    let run = example::over(&folder, None);
    run.print();
    assert!(run.wrongly_valid.is_empty(), "{:?}", run.wrongly_valid);
    assert!(run.share(Some("verdict")) >= 99.0);
    assert!(run.share(None) >= 98.0);
    assert!(run.slowest.0 < MAX_TIME, "{:?}", run.slowest);
}
