//! The C example against a real TLS server that takes its order, and pushes to it as the platform does,
//! wrongly and rightly.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::Server;
use crate::support::{library_path, push};
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Sends a request's bytes in two parts and gives the answer's.
fn post(address: SocketAddr, head: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("POST /push HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n").as_bytes()).unwrap();
    let (first, second) = body.split_at(body.len() / 3);
    for part in [first, second] {
        // A receiver that has seen enough may close early.
        let _ = stream.write_all(part);
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let chunk = |piece: &[u8]| [format!("{:x};ext=1\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
    [body.chunks(1000).flat_map(chunk).collect::<Vec<_>>(), b"0\r\nTrailer: x\r\n\r\n".to_vec()].concat()
}

/// Compiles an example in C, with every warning and with the sanitizers.
fn compile(folder: &std::path::Path, name: &str) -> std::path::PathBuf {
    std::os::unix::fs::symlink(library_path(), folder.join("libwosigndoc.so.1")).unwrap();
    let program = folder.join(name);
    let output = crate::tools::tool("cc")
        .args(["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror", "-pedantic", "-g"])
        .args(["-fsanitize=address,undefined"])
        .arg(format!("-I{ROOT}/include"))
        .arg(format!("{ROOT}/examples/c/{name}.c"))
        .arg(library_path())
        .arg(format!("-Wl,-rpath,{}", folder.display()))
        .arg("-o")
        .arg(&program)
        .output()
        .expect("a C compiler is needed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

/// The number of the order that the example sent, once it has.
fn order_number(server: &Server, example: &mut Child) -> String {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(request) = server.requests().first() {
            let order: Value = serde_json::from_slice(&request.body).unwrap();
            let boxes = |at: usize| order["signerlist"][at]["signlist"].as_array().unwrap().len();
            assert_eq!((boxes(0), boxes(1)), (2, 1), "three boxes for two signers");
            return order["orderNumber"].as_str().unwrap().to_owned();
        }
        assert!(example.try_wait().unwrap().is_none() && Instant::now() < deadline, "no order came");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Covers P-30, P-33: the example acknowledges only what is whole, expected and stored.
#[test]
fn the_c_example_sends_an_order_and_acknowledges_only_the_right_push() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile(folder.path(), "sign_contract");
    let server = Server::start([]);
    std::fs::write(folder.path().join("client.json"), server.config().to_string()).unwrap();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let signed = folder.path().join("signed.pdf");
    let mut example = Command::new(program)
        .current_dir(ROOT)
        .arg(folder.path().join("client.json"))
        .arg("examples/contract.pdf")
        .arg(&signed)
        .arg(address.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let number = order_number(&server, &mut example);
    let (body, document) = push(1, &number);
    let length = |body: &[u8]| format!("Content-Length: {}", body.len());

    let spoilt = String::from_utf8(body.clone()).unwrap().replacen("AAAA", "AAAB", 1).into_bytes();
    let other = push(1, "another-order").0;
    let half = &body[..body.len() / 2];
    let refused = [
        post(address, &length(&spoilt), &spoilt),
        post(address, &length(&other), &other),
        post(address, &length(&body), half),
        post(address, &format!("X: {}", "x".repeat(40_000)), b""),
        post(address, "Content-Length: none", b""),
    ];
    for answer in refused {
        assert!(!answer.starts_with("HTTP/1.1 200") && !answer.ends_with("\r\n\r\n1"), "{answer}");
    }
    assert!(!signed.exists());

    let answer = post(address, "Transfer-Encoding: chunked", &chunked(&body));
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\n1"), "{answer}");
    let output = example.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("signid 5ba2fd41-1") && said.contains("stored as"), "{said}");
    assert!(std::fs::read(&signed).unwrap() == document);
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 4, "the library, the program, client.json and the document, no temporary file");
}

/// Covers P-33: the status tells the verdict.
#[test]
fn the_c_example_verifies_a_contract() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile(folder.path(), "verify_contract");
    let roots = format!("{ROOT}/vectors/signed/root.pem");
    let stranger = format!("{ROOT}/vectors/signed/stranger.pdf");
    for (file, roots, code) in [
        ("valid.pdf", Some(&roots), 0),
        ("altered.pdf", Some(&roots), 1),
        ("no-pdf.pdf", Some(&roots), 2),
        ("none.pdf", Some(&roots), 3),
        ("valid.pdf", None, 1),
        ("valid.pdf", Some(&stranger), 3),
    ] {
        let file = format!("{ROOT}/vectors/signed/{file}");
        let output = Command::new(&program).arg(&file).args(roots).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{file}: {output:?}");
    }
}
