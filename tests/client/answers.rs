//! Answers as HTTP brings them: without their end, or from elsewhere.

use crate::common::{Act, Server, World, fails, refused};

/// Covers P-22: a body that is one whole JSON object is the answer, whether or not its end was announced or said.
#[test]
fn takes_a_whole_answer_whose_end_is_not_told() {
    let refusal = String::from_utf8(refused(-68)).unwrap();
    for head in ["", "Content-Length: 500\r\n", "Connection: close\r\n"] {
        let raw = format!("HTTP/1.1 200 OK\r\n{head}\r\n{refusal}").into_bytes();
        let server = Server::in_world(World::new(), [], Act::Raw(raw), true);
        let error = fails(&server.client(|_| {}));
        assert_eq!((error.code(), error.may_have_arrived()), (Some(-68), false), "{head}");
        assert_eq!(server.requests().len(), 1, "{head}");
    }
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{refusal}", refusal.len());
    let server = Server::in_world(World::new(), [], Act::Raw(chunked.into_bytes()), true);
    assert_eq!(fails(&server.client(|_| {})).code(), Some(-68));
}

/// Covers P-22: a redirect is not followed, and where it leads is told.
#[test]
fn names_where_a_redirect_leads() {
    let raw = b"HTTP/1.1 302 Found\r\nLocation: https://login.example/x\r\nContent-Length: 0\r\n\r\n";
    let server = Server::start([Act::Raw(raw.to_vec())]);
    let error = fails(&server.client(|_| {}));
    assert!(error.message().en.contains("302") && error.message().zh.contains("https://login.example/x"));
    assert!(!error.entry().retry && error.entry().advice.en.contains("endpoint"));
}
