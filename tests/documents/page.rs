//! Pages that are made from the code and committed: a test fails when one is stale.

use std::path::Path;

/// Compares a page with what it should be; with `TEST_REFRESH=1` writes it anew instead.
///
/// # Panics
/// When the page is stale, with the command that refreshes it.
pub fn check(path: &str, wanted: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("TEST_REFRESH").is_some() {
        std::fs::write(&file, wanted).unwrap();
        return;
    }
    let present = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        present == wanted,
        "{path} is stale; refresh it with: TEST_REFRESH=1 cargo test --test {}",
        env!("CARGO_CRATE_NAME")
    );
}
