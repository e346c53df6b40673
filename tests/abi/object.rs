//! The shared object as a linker sees it: its name, its exports, and that it stays loaded. Linux only.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;

use crate::support::{header, library_path};

/// Runs a tool of binutils on the shared object.
fn tool(name: &str, arguments: &[&str]) -> String {
    let output = crate::tools::tool(name)
        .args(arguments)
        .arg(library_path())
        .output()
        .unwrap_or_else(|error| panic!("{name} is needed: {error}"));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The functions that the header declares.
fn declared() -> BTreeSet<String> {
    let header = header();
    let code = header.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, code)| code));
    let words: Vec<String> = code.map(str::to_owned).collect();
    let words = words.join(" ");
    words
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '('))
        .filter_map(|word| word.split_once('(').map(|(name, _)| name))
        .filter(|name| name.starts_with("wsd_"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_exports_are_exactly_the_functions_of_the_header() {
    let listing = tool("nm", &["-D", "--defined-only"]);
    let exported: BTreeSet<String> =
        listing.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect();
    assert!(exported.iter().all(|name| name.starts_with("wsd_")), "{exported:?}");
    assert_eq!(exported, declared());
}

#[test]
fn the_name_carries_the_abi_number_and_the_object_stays_loaded() {
    let header = header();
    let number = header.lines().find_map(|line| line.strip_prefix("#define WSD_ABI_VERSION ")).unwrap();
    let dynamic = tool("readelf", &["-d", "-W"]);
    assert!(dynamic.contains(&format!("[libwosigndoc.so.{number}]")), "{dynamic}");
    let flags = dynamic.lines().find(|line| line.contains("FLAGS_1")).unwrap_or_default();
    assert!(flags.contains("NODELETE"), "{flags}");
}

/// Every function stands behind the one boundary, and nothing reaches for the state of the process.
#[test]
fn the_source_keeps_the_rules_that_a_linker_cannot_see() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut functions = 0;
    for path in sources(&root) {
        let text = std::fs::read_to_string(&path).unwrap();
        let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in [
            "thread_local!",
            "set_hook",
            "install_default",
            "set_logger",
            "set_global_default",
            "sigaction",
            "setlocale",
            "set_var(",
            "set_current_dir",
        ] {
            assert!(!shipped.contains(word), "{} uses {word}", path.display());
        }
        for body in shipped.split("#[unsafe(no_mangle)]").skip(1) {
            let start = body.split_once("{\n").map(|(_, rest)| rest.trim_start()).unwrap_or_default();
            assert!(start.starts_with("boundary!("), "{}: {body}", path.display());
            functions += 1;
        }
    }
    assert_eq!(functions, declared().len());
}

fn sources(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}
