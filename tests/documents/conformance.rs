//! Which tests cover which rule of docs/protocol.md: gathered from the tests' own words ("Covers P-12: …"),
//! in every language, and from the vectors. Makes docs/conformance.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::rules::{Binds, Rule};
use serde_json::Value;

/// Rule number → half → the tests, as `file::name`.
type Coverage = BTreeMap<u32, [BTreeSet<String>; 2]>;

/// The page lists the tests of every rule.
#[test]
fn page_is_current() {
    crate::page::check("docs/conformance.md", &render(&gather()));
}

/// Every rule has a test in each half that it binds.
#[test]
fn every_rule_is_covered() {
    let coverage = gather();
    let rules = rules_of_the_page();
    let known: BTreeSet<u32> = rules.iter().map(|rule| rule.number).collect();
    let unknown: Vec<_> = coverage.keys().filter(|rule| !known.contains(rule)).collect();
    assert!(unknown.is_empty(), "tests name rules that do not exist: P-{unknown:?}");
    let bare: Vec<String> = rules
        .iter()
        .flat_map(|Rule { number, binds, .. }| {
            let halves = coverage.get(number).cloned().unwrap_or_default();
            let missing = |half: usize, name: &str, bound: bool| {
                (bound && halves[half].is_empty()).then(|| format!("P-{number} ({name})"))
            };
            [
                missing(0, "library", *binds != Binds::Platform),
                missing(1, "platform", *binds != Binds::Library),
            ]
        })
        .flatten()
        .collect();
    assert!(bare.is_empty(), "no test covers {}", bare.join(", "));
}

fn rules_of_the_page() -> Vec<Rule> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/protocol.md");
    crate::rules::read(&fs::read_to_string(page).unwrap())
}

fn gather() -> Coverage {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut coverage = Coverage::new();
    for folder in ["src", "tests", "examples", "bindings", "server"] {
        for file in files(&root.join(folder)) {
            let name = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            for (rules, test) in covers(&fs::read_to_string(&file).unwrap_or_default()) {
                let test = if test.is_empty() { name.clone() } else { format!("{name}::{test}") };
                for rule in rules {
                    let halves = coverage.entry(rule).or_default();
                    for half in halves_of(&name) {
                        halves[*half].insert(test.clone());
                    }
                }
            }
        }
    }
    vectors(root, &mut coverage);
    coverage
}

/// The halves that a file tests: 0 the library, 1 the platform.
fn halves_of(name: &str) -> &'static [usize] {
    match name {
        "tests/end_to_end.rs" => &[0, 1],
        _ if name.starts_with("server/") => &[1],
        _ => &[0],
    }
}

/// Source files in which a test can stand, below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let built = ["target", "bin", "obj", "vendor"].contains(&name.as_str());
            let source =
                ["rs", "c", "php", "java", "cs"].iter().any(|end| name.ends_with(&format!(".{end}")));
            match path.is_dir() {
                true if built => Vec::new(),
                true => files(&path),
                false if source && name != "conformance.rs" => vec![path],
                false => Vec::new(),
            }
        })
        .collect()
}

/// Each comment that says which rules it covers, with the name of the test below it.
fn covers(text: &str) -> Vec<(Vec<u32>, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((before, after)) = line.split_once("Covers P-") else { continue };
        if before.chars().any(char::is_alphanumeric) {
            continue;
        }
        let rules = numbers(after.split(':').next().unwrap_or_default());
        let decorated = |line: &&&str| {
            line.is_empty() || ["//", "/*", "*", "#", "[", "@"].iter().any(|mark| line.starts_with(mark))
        };
        let code = lines[at + 1..].iter().find(|line| !decorated(line)).unwrap_or(&"");
        let name = code.split_once('(').map_or("", |(head, _)| {
            head.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
        });
        found.push((rules, name.to_owned()));
    }
    found
}

/// "12, P-14, P-20 to P-22" → 12, 14, 20, 21, 22.
fn numbers(text: &str) -> Vec<u32> {
    let mut rules: Vec<u32> = Vec::new();
    let mut range = false;
    for word in text.split([' ', ',', '.']).filter(|word| !word.is_empty()) {
        match word.trim_start_matches("P-").parse::<u32>() {
            Ok(to) if range => rules.extend(rules.last().map_or(to, |from| from + 1)..=to),
            Ok(rule) => rules.push(rule),
            Err(_) => {}
        }
        range = word == "to";
    }
    rules
}

fn vectors(root: &Path, coverage: &mut Coverage) {
    for file in ["wire", "violations", "pushes", "answers", "deliveries", "endpoint"] {
        let text = fs::read(root.join(format!("vectors/{file}.json"))).unwrap();
        let value: Value = serde_json::from_slice(&text).unwrap();
        let mut counted = BTreeMap::<u32, usize>::new();
        for case in value["cases"].as_array().unwrap() {
            for rule in case["rules"].as_array().unwrap() {
                let rule = rule.as_str().unwrap().trim_start_matches("P-").parse().unwrap();
                *counted.entry(rule).or_default() += 1;
            }
        }
        for (rule, count) in counted {
            let halves = coverage.entry(rule).or_default();
            halves[0].insert(format!("vectors/{file}.json ({count})"));
        }
    }
}

fn render(coverage: &Coverage) -> String {
    let mut page = String::from(
        "# Conformance\n\n\
         Every rule of [the protocol](protocol.md), and the tests that show it, in each half that it binds. Made by\n\
         `tests/documents/conformance.rs` from the tests' own words; refresh it with\n\
         `TEST_REFRESH=1 cargo test --test documents conformance`.\n",
    );
    for Rule { number, title, binds } in rules_of_the_page() {
        let _ = write!(page, "\n## P-{number}\n[{title}](protocol.md#p-{number})\n");
        let halves = coverage.get(&number).cloned().unwrap_or_default();
        for (half, name, other) in [(0, "library", Binds::Platform), (1, "platform", Binds::Library)] {
            if !halves[half].is_empty() || binds != other {
                let _ = write!(page, "\n{name}:\n\n");
            }
            for test in &halves[half] {
                let _ = writeln!(page, "- {test}");
            }
        }
    }
    page
}
