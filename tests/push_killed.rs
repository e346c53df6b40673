//! A process that dies while a document arrives leaves nothing of it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test may panic

#[path = "support/tools.rs"]
mod tools;

use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use wosigndoc::push::{Options, Receiver, Sink};

/// What the child receives in.
const FOLDER: &str = "PUSH_KILLED_FOLDER";

/// The child: receives most of a document, says so, and waits for its end.
#[test]
fn receives_in_a_child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let sink = Sink::File(Path::new(&folder).join("a.pdf"));
    let mut receiver = Receiver::open(Options::default(), sink).unwrap();
    let head = r#"{"actiontype":"PushSignedDoc","status":1,"extendData":{"content":""#;
    receiver.feed(head.as_bytes()).unwrap();
    receiver.feed(&vec![b'A'; 4 << 20]).unwrap();
    println!("\nhalfway");
    std::thread::sleep(std::time::Duration::from_secs(60));
}

/// Runs the child after a statement of Python; returns what is in the folder once it has died.
fn left_by(before: &str, kills: bool) -> Vec<std::path::PathBuf> {
    let folder = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    let start = format!(
        "import os, resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); {before}; os.execv(sys.argv[1], sys.argv[1:])"
    );
    let mut child = tools::tool("python3")
        .args(["-c", &start])
        .arg(this)
        .args(["--exact", "receives_in_a_child", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut output = child.stdout.take().unwrap();
    let mut byte = [0];
    while !said.ends_with("halfway") && output.read(&mut byte).unwrap() == 1 {
        said.push(char::from(byte[0]));
    }
    assert_eq!(said.ends_with("halfway"), kills, "{said}");
    if kills {
        child.kill().unwrap();
    }
    assert!(!child.wait().unwrap().success());
    std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// Covers P-30: killed, or stopped by a limit on the size of files, and nothing lies in the folder.
#[test]
fn a_killed_process_leaves_nothing() {
    let probe = tempfile::tempdir().unwrap();
    let options = ["-c", "import os,sys; os.open(sys.argv[1], os.O_TMPFILE | os.O_RDWR)"];
    if !tools::tool("python3").args(options).arg(probe.path()).status().is_ok_and(|status| status.success()) {
        return tools::skip::skip("this file system has no files without a name");
    }
    assert_eq!(left_by("pass", true), Vec::<std::path::PathBuf>::new());
    assert_eq!(
        left_by("resource.setrlimit(resource.RLIMIT_FSIZE, (32768, 32768))", false),
        Vec::<std::path::PathBuf>::new()
    );
}
