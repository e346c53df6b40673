//! What the tests of the C ABI share: where the shared object is, and calls by hand.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, unsafe_code)]

use std::path::PathBuf;

/// The shared object that was built together with this test.
pub fn library_path() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().unwrap();
    folder.join(format!("{}wosigndoc{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX))
}

/// The header in the repository.
pub fn header() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/include/wosigndoc.h")).unwrap()
}
