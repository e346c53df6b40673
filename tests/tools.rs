//! What tests and benches call comes from the one list that scripts/setup reads.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/tools.rs"]
mod tools;

use std::fs;
use std::path::{Path, PathBuf};

#[test]
#[should_panic(expected = "is not in scripts/tools")]
fn a_program_that_the_set_up_does_not_bring_is_refused() {
    let _ = tools::tool("ghostscript");
}

#[test]
fn nobody_goes_past_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["tests", "benches", "server/tests", "server/benches"] {
        for file in sources(&root.join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            let direct = concat!("Command::", "new(\"");
            found.extend(
                text.lines()
                    .filter(|line| line.contains(direct))
                    .map(|line| format!("{}: {line}", file.display())),
            );
        }
    }
    assert!(found.is_empty(), "take these programs by tools::tool:\n{}", found.join("\n"));
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
