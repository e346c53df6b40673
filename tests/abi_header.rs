//! The header in the repository is what the code says.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

/// Where the functions stand, in the order of the header.
const SOURCES: [&str; 6] = ["abi_version", "status", "facts", "client", "order", "push"];

const REFRESH: &str = "TEST_REFRESH=1 cargo test --test abi_header";

fn generated() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in SOURCES {
        let path = root.join(format!("src/ffi/{source}.rs"));
        if path.exists() {
            builder = builder.with_src(path);
        }
    }
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    String::from_utf8(text).unwrap()
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
