//! Documents verified from the command line.

use std::process::Output;

use serde_json::Value;

use crate::sandbox::command;

const SIGNED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/signed");

fn run(words: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command(words);
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Covers P-33: the status is the verdict.
#[test]
fn a_document_is_verified() {
    let (root, folder) = (format!("{SIGNED}/root.pem"), tempfile::tempdir().unwrap());
    let options = folder.path().join("options.json");
    let strict = r#"{"preset": "strict", "at": "2026-06-01T00:00:00Z"}"#;
    std::fs::write(&options, strict).unwrap();
    let options = options.to_str().unwrap();
    let at = folder.path().join("at.json");
    std::fs::write(&at, r#"{"at": "2026-06-01T00:00:00Z"}"#).unwrap();
    let at = at.to_str().unwrap();
    for (file, more, code, says) in [
        ("valid.pdf", &["--roots", &root, "--options", at][..], 0, "valid (intact)\n"),
        ("valid.pdf", &["--options", at], 1, "untrusted"),
        (
            "altered.pdf",
            &["--roots", &root, "--options", at],
            1,
            "invalid (altered)\n  changed (invalid)  Seal: page 1",
        ),
        ("no-pdf.pdf", &[], 2, "indeterminate (unreadable)"),
        ("valid.pdf", &["--roots", &root, "--options", options], 2, "revocation_unknown"),
        ("valid.pdf", &["--sent", &format!("{SIGNED}/broken.pdf")], 1, "differs from what was sent"),
        (
            "valid.pdf",
            &["--sent", &format!("{SIGNED}/unsigned.pdf")],
            1,
            "shows the same pages as what was sent",
        ),
        ("valid.pdf", &["--password", "needless", "--roots", &root], 0, "valid (intact)"),
    ] {
        let path = format!("{SIGNED}/{file}");
        let (found, said, _) = run(&[&["verify", &path], more].concat());
        assert_eq!(found, Some(code), "{file} {more:?}: {said}");
        assert!(said.contains(says), "{file} {more:?}: {said}");
        let (same, json, _) = run(&[&["verify", "--json", &path], more].concat());
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!((same, said.starts_with(json["verdict"].as_str().unwrap())), (found, true));
    }
    let valid = format!("{SIGNED}/valid.pdf");
    for (words, says) in [
        (&["verify", "none.pdf"][..], "none.pdf"),
        (&["verify", &valid, "--roots", &valid], "trusted certificates"),
        (&["verify"], "FILE"),
        (&["verify", &valid, "--root", "x"], "--roots"),
        (&["verify", &valid, "--options", &valid], "no object of settings"),
        (&["trust", "none.pdf"], "none.pdf"),
    ] {
        let (code, _, said) = run(words);
        assert_eq!(code, Some(3), "{words:?}");
        assert!(said.contains(says), "{words:?}: {said}");
    }
}

/// What `trust` prints can be used as it is.
#[test]
fn trust_is_pasted_into_settings() {
    let folder = tempfile::tempdir().unwrap();
    let valid = format!("{SIGNED}/valid.pdf");
    let (code, block, _) = run(&["trust", &valid]);
    assert_eq!(code, Some(0));
    let mut settings: Value = serde_json::from_str(&block).unwrap();
    settings["at"] = "2026-06-01T00:00:00Z".into();
    let path = folder.path().join("options.json");
    std::fs::write(&path, settings.to_string()).unwrap();
    let options = ["--options", path.to_str().unwrap()];
    assert_eq!(run(&[&["verify", &valid][..], &options].concat()).0, Some(0));
    let (code, said, _) = run(&[&["verify", &format!("{SIGNED}/stranger.pdf")][..], &options].concat());
    assert!(code == Some(1) && said.contains("issuer_changed"), "{said}");
    assert_eq!(run(&["trust", &format!("{SIGNED}/unsigned.pdf")]).0, Some(1));
}
