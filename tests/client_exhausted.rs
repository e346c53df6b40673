//! What a process that has run out of descriptors is told. The limit is the whole process's: this is its only test.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test may panic
#![allow(unsafe_code)] // setting a limit

mod common;

use std::fs::File;

use common::{Server, fails, order_of, send};
use serde_json::json;
use wosigndoc::client::{Client, Config, CreateOptions};
use wosigndoc::protocol::{Kind, Reason};
use wosigndoc::push::{Options, Sink, receive};

/// Sockets, files and new clients fail for a reason of their own, which passes, and is no defect.
#[test]
fn tells_that_descriptors_have_run_out() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("a.pdf");
    std::fs::write(&document, b"%PDF-").unwrap();
    let server = Server::start([]);
    let client = server.client(|_| {});
    let config = Config::from_json(server.config().to_string().as_bytes()).unwrap();
    let limit = libc::rlimit { rlim_cur: 64, rlim_max: 64 };
    // SAFETY: the structure lives through the call, which reads it.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) }, 0);
    let held: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();

    let by_file = order_of(json!({"path": document}));
    let failures = [
        client.create_json(&by_file, &CreateOptions::default()).unwrap_err(),
        Client::new(config).unwrap_err(),
        receive(b"{}", Options::default(), Sink::File(folder.path().join("b.pdf"))).unwrap_err(),
        // Its connections give theirs back when it fails.
        fails(&client),
    ];
    for error in &failures {
        assert_eq!((error.kind(), error.reason()), (Kind::Io, Reason::SystemResources), "{error}");
        let document = error.to_json();
        assert_eq!((&document["retry"], &document["may_have_arrived"]), (&json!(true), &json!(false)));
        assert!(error.message().en.contains("os error 24") && error.message().zh.contains("资源"), "{error}");
    }
    drop(held);
    send(&client).unwrap();
}
