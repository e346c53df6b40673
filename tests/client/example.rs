//! The Rust example, run as a program: it acknowledges nothing but the right document.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::Server;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// `cargo test` builds examples into a folder beside the tests'; `cargo test --test …` does not.
fn program() -> PathBuf {
    let deps = std::env::current_exe().unwrap();
    let program = deps.parent().unwrap().parent().unwrap().join("examples/sign_contract");
    if !program.exists() {
        let built = Command::new(env!("CARGO")).args(["build", "--example", "sign_contract"]).status();
        assert!(built.unwrap().success());
    }
    program
}

fn push(number: &str, document: &[u8], hash_of: &[u8]) -> Vec<u8> {
    let hash = wosigndoc::protocol::hex::encode(&Sha256::digest(hash_of));
    json!({"actiontype": "PushSignedDoc", "status": 1, "errorcode": "0", "extendData": {
        "signid": "S-1", "ordernumber": number, "content": STANDARD.encode(document), "hash": hash}})
    .to_string()
    .into_bytes()
}

fn post(address: &str, framing: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "POST /push HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n").unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Covers P-30: `1` is answered when the document is whole, right and stored, and to nothing else.
#[test]
fn acknowledges_the_right_document_only() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start([]);
    let config = folder.path().join("client.json");
    std::fs::write(&config, server.config().to_string()).unwrap();
    let target = folder.path().join("signed.pdf");
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut example = Command::new(program())
        .arg(&config)
        .args(["examples/contract.pdf", target.to_str().unwrap(), &address])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let order = loop {
        if let Some(request) = server.requests().first() {
            break serde_json::from_slice::<Value>(&request.body).unwrap();
        }
        assert!(example.try_wait().unwrap().is_none(), "the example ended before it sent an order");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(order["signerlist"][0]["signlist"].as_array().unwrap().len(), 2);
    assert_eq!(order["signerlist"][1]["userName"], "李明");
    assert_eq!(order["filebase"], STANDARD.encode(std::fs::read("examples/contract.pdf").unwrap()));

    let number = order["orderNumber"].as_str().unwrap();
    let document = b"%PDF-1.7 signed".as_slice();
    let sized = |body: &[u8]| format!("Content-Length: {}", body.len());
    for bad in [push(number, document, b"another"), push("another", document, document)] {
        assert!(post(&address, &sized(&bad), &bad).starts_with("HTTP/1.1 500 "));
        assert!(!target.exists());
    }
    let good = push(number, document, document);
    let (first, second) = good.split_at(50);
    let chunked = format!(
        "{:x}\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        first.len(),
        String::from_utf8_lossy(first),
        second.len(),
        String::from_utf8_lossy(second)
    );
    let answer = post(&address, "Transfer-Encoding: chunked", chunked.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\n1"), "{answer}");
    assert_eq!(std::fs::read(&target).unwrap(), document);
    assert!(example.wait().unwrap().success());
}
