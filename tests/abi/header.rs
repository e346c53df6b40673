//! The header in the repository is what the code says.

use std::path::Path;

/// Where the functions stand, in the order of the header, and what the header calls them.
const SECTIONS: [(&str, &str); 10] = [
    ("abi_version", "Numbers"),
    ("status", ""),
    ("facts", "The library, and answers"),
    ("client", "Clients"),
    ("order", "Orders"),
    ("hosted", "Orders by the host's own HTTP client"),
    ("push", "Pushes"),
    ("document", ""),
    ("verify", "Verifying signed documents"),
    ("deliveries", "Which pushes were processed"),
];

const REFRESH: &str = "TEST_REFRESH=1 cargo test --test abi header";

fn generated() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let mut builder = cbindgen::Builder::new().with_config(config);
    let sources = SECTIONS.map(|(name, _)| root.join(format!("src/ffi/{name}.rs")));
    for source in &sources {
        builder = builder.with_src(source);
    }
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    let mut header = String::from_utf8(text).unwrap();
    for (source, (_, title)) in sources.iter().zip(SECTIONS).filter(|(_, (_, title))| !title.is_empty()) {
        let code = std::fs::read_to_string(source).unwrap();
        header = headed(&header, title, first_name(&code));
    }
    header
}

/// The first function of a source, or else its first constant.
fn first_name(code: &str) -> &str {
    let exported = ["extern \"C\" fn ", "pub const "].iter().find_map(|mark| code.split_once(mark));
    let (_, rest) = exported.unwrap();
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()
}

/// Puts a heading before the comment of the function or constant of this name.
fn headed(header: &str, title: &str, name: &str) -> String {
    let declares =
        |line: &&str| line.contains(&format!("{name}(")) || line.starts_with(&format!("#define {name} "));
    let lines: Vec<&str> = header.split_inclusive('\n').collect();
    // What stands in a comment declares nothing.
    let at = lines.iter().position(|line| !line.starts_with(" *") && declares(line)).unwrap();
    let comment = lines[..at].concat().rfind("/**\n").unwrap();
    let (before, after) = header.split_at(comment);
    let heading = format!("/* ---- {title} {} */", "-".repeat(90 - title.chars().count()));
    format!("{before}{heading}\n\n{after}")
}

#[test]
fn the_header_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/wosigndoc.h");
    let text = generated();
    if std::env::var_os("TEST_REFRESH").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "include/wosigndoc.h is stale; refresh it with: {REFRESH}");
}
