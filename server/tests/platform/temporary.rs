//! `dev --temporary`: a sandbox that a test starts, with an inbox for what is pushed, and that ends with the test.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::control::Driven;
use crate::receiver::Receiver;
use crate::sandbox::{order, platform};

/// Starts a temporary sandbox in a folder for temporary files; returns it with what it told.
fn start(parent: &std::path::Path, more: &[&str]) -> (Child, Value) {
    let mut command = platform();
    command.args(["dev", "--temporary"]).args(more).env("TMPDIR", parent);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let told = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    (child, told)
}

/// It needs to be told nothing, tells a program all it needs, and leaves nothing when its standard input ends.
#[test]
fn ends_with_whoever_started_it() {
    let parent = tempdir().unwrap();
    let (mut child, told) = start(parent.path(), &[]);
    for name in ["client", "ca", "data"] {
        assert!(PathBuf::from(told[name].as_str().unwrap()).exists(), "{told}");
    }
    assert!(told["endpoint"].as_str().unwrap().starts_with("https://127.0.0.1:"), "{told}");
    assert_eq!(told["callback"], json!(format!("{}inbox", told["control"].as_str().unwrap())));
    let client: Value =
        serde_json::from_slice(&std::fs::read(told["client"].as_str().unwrap()).unwrap()).unwrap();
    assert_eq!((&client["tokenid"], &client["endpoint"]), (&told["tokenid"], &told["endpoint"]));
    // As the system does when whoever holds the other end is killed.
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 0, "it leaves nothing behind");
}

/// A second one beside it has ports and a folder of its own; a folder cannot be named too.
#[test]
fn several_run_at_once() {
    let parent = tempdir().unwrap();
    let (one, other) = (start(parent.path(), &["--faults"]), start(parent.path(), &["--faults"]));
    for name in ["endpoint", "control", "data", "tokenid"] {
        assert_ne!(one.1[name], other.1[name], "{name}");
    }
    for (mut child, _) in [one, other] {
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success());
    }
    for wrong in [&["dev", "--temporary", "--data", "x"][..], &["dev"], &["serve", "--temporary"]] {
        let refused = platform().args(wrong).stdin(Stdio::null()).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}");
    }
}

/// The inbox keeps what is pushed byte for byte, and says no to what is wrong, as a right site does.
#[test]
fn an_inbox_takes_pushes() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", "inbox"]);
    let token = driven.sandbox.token();
    driven.order_fault(&json!({"fault": "wrong-hash", "number": "I-1"}));
    let (status, _) = driven.json("PATCH", "/inbox", r#"{"status": 503, "answer": "busy"}"#);
    assert_eq!(status, 204);
    driven.sandbox.order(&order(&token, "I-1"));
    driven.get("/wait?number=I-1&until=pushed&timeout=60");
    // Two tries fail: what was ordered of the platform goes wrong first, and the site is down meanwhile.
    driven.move_clock(&json!({"advance": "1h"}));
    driven.get("/wait?number=I-1&until=acknowledged&timeout=60");
    let letters = driven.get("/inbox");
    let statuses: Vec<_> =
        letters.as_array().unwrap().iter().map(|letter| letter["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [503, 200], "{letters}");
    assert!(letters[0]["error"].as_str().unwrap().contains("hash"), "{letters}");
    assert_eq!((&letters[1]["order_number"], &letters[1]["answer"]), (&json!("I-1"), &json!("1")));
    assert_eq!(driven.get("/inbox?number=I-1").as_array().unwrap().len(), 1, "a wrong push has no number");
    assert_eq!(driven.get("/inbox/2"), driven.get("/orders/I-1/push"));
    assert_eq!(driven.json("GET", "/inbox/9", "").0, 404);
    assert_eq!(driven.json("PATCH", "/inbox", r#"{"status": 99}"#).0, 400);
    assert_eq!(driven.json("POST", "/inbox", "{}").0, 400, "no push");
    assert_eq!(driven.json("POST", "/reset", "").0, 204);
    assert_eq!((driven.get("/inbox"), driven.json("GET", "/inbox/2", "").0), (json!([]), 404));
}

/// The inbox is at the control API: one on a socket has none, and a start that would need it says what to add.
#[cfg(unix)]
#[test]
fn a_socket_has_no_inbox() {
    let parent = tempdir().unwrap();
    let socket = format!("unix:{}", parent.path().join("control.sock").display());
    for more in [&[][..], &["--callback", "inbox"]] {
        let refused = platform()
            .args(["dev", "--temporary", "--control", &socket])
            .args(more)
            .env("TMPDIR", parent.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success(), "{more:?}");
        assert!(said.contains("no push goes to a socket: add --callback URL"), "{said}");
    }
    let receiver = Receiver::acknowledging();
    let (mut child, told) = start(parent.path(), &["--control", &socket, "--callback", &receiver.url]);
    assert_eq!((&told["control"], &told["callback"]), (&json!(socket), &json!(receiver.url)));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}
