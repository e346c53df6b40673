//! What tests and benches call comes from the one list that scripts/setup reads.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
#[should_panic(expected = "is not in scripts/tools")]
fn a_program_that_the_set_up_does_not_bring_is_refused() {
    let _ = crate::tools::tool("ghostscript");
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

/// A test that skips passes elsewhere, and says so where scripts/test counts it; in CI it fails.
#[test]
fn ci_bears_no_skip() {
    let this = std::env::current_exe().unwrap();
    let run = |ci: Option<&str>| {
        let mut child = std::process::Command::new(&this);
        child.args(["--exact", "programs::skips_in_a_child"]).env("SKIPS_IN_A_CHILD", "").env_remove("CI");
        let done = child.envs(ci.map(|ci| ("CI", ci))).output().unwrap();
        (done.status.success(), String::from_utf8(done.stderr).unwrap())
    };
    assert_eq!(run(None), (true, concat!("skip", "ped: as a trial\n").to_owned()));
    assert!(!run(Some("true")).0 && !run(Some("1")).0);
}

#[test]
fn skips_in_a_child() {
    if std::env::var_os("SKIPS_IN_A_CHILD").is_some() {
        crate::tools::skip::skip("as a trial");
    }
}

/// Nobody passes over a test by a line that the harness hides.
#[test]
fn nobody_skips_by_hand() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["src", "tests", "server/src", "server/tests"] {
        for file in sources(&root.join(folder)) {
            let by_hand =
                [concat!("\"skip", "ped: "), concat!("var_os(\"", "CI\")"), concat!("var(\"", "CI\")")];
            let text = fs::read_to_string(&file).unwrap();
            if by_hand.iter().any(|sign| text.contains(sign)) && !file.ends_with("tests/support/skip.rs") {
                found.push(file);
            }
        }
    }
    assert!(found.is_empty(), "skip by tests/support/skip.rs: {found:?}");
}
