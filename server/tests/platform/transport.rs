//! How the interface is reached: TLS, certificates, HTTP, and its limits.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use serde_json::json;
use tempfile::tempdir;

use crate::sandbox::{Sandbox, code, exchange, order, request};

/// A certificate that no CA of the platform's issued, as NAME.pem and NAME.key.
pub fn stranger(name: &Path) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap();
    std::fs::write(name.with_extension("pem"), certificate.pem()).unwrap();
    std::fs::write(name.with_extension("key"), key.serialize_pem()).unwrap();
}

/// Covers P-3, P-18: no certificate, or another key than the registered one, is answered -80 in JSON over an
/// established connection: after the token's own state, before its balance.
#[test]
fn answers_a_wrong_certificate_in_json() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let other = folder.path().join("other");
    stranger(&other);
    let token = sandbox.token();
    let body = order(&token, "CERT");
    let send = |identity: Option<&Path>| {
        let request = request("POST", "/", "application/json", body.to_string().as_bytes());
        let (status, answer) = exchange(sandbox.connect_as(identity), &request).unwrap();
        assert_eq!(status, 200);
        code(&answer)
    };
    sandbox.admin(&["token", "balance", &token, "0"]);
    sandbox.admin(&["token", "disable", &token]);
    assert_eq!(send(None), -67);
    sandbox.admin(&["token", "enable", &token]);
    assert_eq!(send(None), -80);
    assert_eq!(send(Some(&other)), -80);
    sandbox.admin(&["token", "balance", &token, "1"]);
    // Any CA will do: what is registered is the public key.
    let certificate = other.with_extension("pem");
    sandbox.admin(&["token", "key", &token, certificate.to_str().unwrap()]);
    assert_eq!(send(Some(&sandbox.path("client"))), -80);
    assert_eq!(send(Some(&other)), 0);
    // A token of its own, bound to the same key.
    let added =
        sandbox.admin(&["token", "add", "--certificate", certificate.to_str().unwrap(), "--balance", "2"]);
    let mut body = body.clone();
    body["tokenid"] = json!(added.trim());
    let request = request("POST", "/", "application/json", body.to_string().as_bytes());
    assert_eq!(code(&exchange(sandbox.connect_as(Some(&other)), &request).unwrap().1), 0);
}

/// A certificate as `openssl x509 -req` of OpenSSL 3.0 writes it by itself: X.509 v1.
fn old_certificate(key: &KeyPair) -> String {
    use der::asn1::Any;
    use der::{Decode, Encode, Tagged};
    let new = CertificateParams::new(Vec::new()).unwrap().self_signed(key).unwrap();
    let mut parts = Vec::<Any>::from_der(new.der()).unwrap();
    // Without what is tagged: the version and the extensions.
    let mut body: Vec<Any> = parts[0].decode_as().unwrap();
    body.retain(|part| !part.tag().is_context_specific());
    parts[0] = Any::encode_from(&body).unwrap();
    der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, &parts.to_der().unwrap()).unwrap()
}

/// Covers P-3: the key alone counts, in any certificate and by any version of TLS; but it must be proved.
#[test]
fn takes_any_certificate_whose_key_is_proved() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let algorithms = [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384, &rcgen::PKCS_ED25519];
    for (at, algorithm) in algorithms.into_iter().enumerate() {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let (honest, thief) = (folder.path().join("honest"), folder.path().join("thief"));
        for (name, key) in [(&honest, &key), (&thief, &KeyPair::generate_for(algorithm).unwrap())] {
            std::fs::write(name.with_extension("key"), key.serialize_pem()).unwrap();
        }
        std::fs::write(honest.with_extension("pem"), old_certificate(&key)).unwrap();
        std::fs::copy(honest.with_extension("pem"), thief.with_extension("pem")).unwrap();
        let certificate = honest.with_extension("pem");
        sandbox.admin(&["token", "key", &sandbox.token(), certificate.to_str().unwrap()]);
        for version in rustls::ALL_VERSIONS {
            let body = order(&sandbox.token(), &format!("OLD-{at}-{version:?}")).to_string();
            let sent = request("POST", "/", "application/json", body.as_bytes());
            let answer = exchange(sandbox.connect_by(&[version], Some(&honest)), &sent).unwrap().1;
            assert_eq!(code(&answer), 0, "{answer}");
            let refused = exchange(sandbox.connect_by(&[version], Some(&thief)), &sent).unwrap_err();
            assert!(refused.to_string().contains("DecryptError"), "{refused}");
        }
    }
}

/// Covers P-3: the listener shows a certificate of one's own where one is set, and leaves it as it is.
#[test]
fn shows_a_certificate_of_ones_own() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(Sandbox::start(&data, &[]).signal("TERM").success());
    // The sandbox's CA issues it, so that the tests' client trusts it.
    let read = |name: &str| std::fs::read_to_string(data.join(name)).unwrap();
    let authority = KeyPair::from_pem(&read("ca.key")).unwrap();
    let issuer = rcgen::Issuer::from_ca_cert_pem(&read("ca.pem"), authority).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let text = own.pem() + &key.serialize_pem();
    std::fs::write(data.join("own.pem"), &text).unwrap();
    std::fs::write(data.join("settings.json"), r#"{"server_identity": "own.pem"}"#).unwrap();
    let sandbox = Sandbox::run("serve", &data, &[]);
    let mut stream = sandbox.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    stream.read_exact(&mut [0; 12]).unwrap();
    assert_eq!(stream.conn.peer_certificates().unwrap()[0], *own.der());
    assert_eq!(read("own.pem"), text);
}

/// Covers P-2, P-4: any method but POST gets 405 and JSON; any path is the interface's.
#[test]
fn takes_post_only_on_any_path() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let (status, answer) = exchange(sandbox.connect(), &request(method, "/", "text/plain", b"")).unwrap();
        assert_eq!(status, 405, "{method}");
        assert_eq!((&answer["status"], &answer["errorcode"]), (&json!(0), &json!(-79)), "{method}");
    }
    for (at, path) in ["/", "/api/CreateSignOrder", "/x?y=z"].into_iter().enumerate() {
        let body = order(&sandbox.token(), &format!("PATH-{at}")).to_string();
        let sent = request("POST", path, "application/json", body.as_bytes());
        assert_eq!(code(&exchange(sandbox.connect(), &sent).unwrap().1), 0, "{path}");
    }
}

/// A body above the limit is refused, announced or not, and nothing of it stays.
#[test]
fn bounds_the_body() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--max-body", "100000"]);
    let mut body = order(&sandbox.token(), "LARGE");
    assert_eq!(sandbox.code(&body), 0);
    body["orderNumber"] = json!("LARGER");
    body["filebase"] = json!("QUFB".repeat(30_000));
    let text = body.to_string();
    let (status, answer) = sandbox.post(text.as_bytes(), "application/json");
    assert_eq!((status, code(&answer)), (413, -79), "{answer}");
    let mut chunked = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in text.as_bytes().chunks(8000) {
        chunked.extend(format!("{:x}\r\n", piece.len()).as_bytes());
        chunked.extend(piece);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\n\r\n");
    let (status, answer) = exchange(sandbox.connect(), &chunked).unwrap();
    assert_eq!((status, code(&answer)), (413, -79), "{answer}");
    assert!(sandbox.signal("TERM").success());
    // What is not bulk is kept in memory, and has a limit of its own.
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let mut body = order(&sandbox.token(), "TALK");
    body["subject"] = json!("长".repeat(400_000));
    assert_eq!(sandbox.code(&body), -79);
    let left = std::fs::read_dir(sandbox.path("documents/incoming")).unwrap().count();
    assert_eq!(left, 0);
}

/// Who stops in the middle is not waited for: neither in the handshake, nor in the body. Nor is one who sends a
/// byte now and then.
#[test]
fn bounds_the_time_of_slow_callers() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let port = sandbox.port;
    let silent = std::thread::spawn(move || {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        // Says nothing; returns when the platform hangs up.
        stream.read(&mut [0]).unwrap_or_default()
    });
    let begin = || {
        let mut stream = sandbox.connect();
        let head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{\"tokenid\":";
        stream.write_all(head).unwrap();
        stream
    };
    let mut dribbling = begin();
    let dribbled = std::thread::spawn(move || {
        dribbling.sock.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        let mut start = [0; 12];
        // A minute at most, far less than a whole body may take.
        for _ in 0..60 {
            dribbling.write_all(b" ").unwrap();
            match dribbling.read_exact(&mut start) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                read => return read.map(|()| start),
            }
        }
        Ok(start)
    });
    let (status, answer) = exchange(begin(), b"").unwrap();
    assert_eq!((status, code(&answer)), (408, -79), "{answer}");
    assert_eq!(silent.join().unwrap(), 0);
    assert_eq!(dribbled.join().unwrap().unwrap(), *b"HTTP/1.1 408");
}

/// One connection carries order after order.
#[test]
fn keeps_connections_alive() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let mut stream = sandbox.connect();
    for at in 0..3 {
        let body = order(&sandbox.token(), &format!("KEEP-{at}")).to_string();
        write!(stream, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len())
            .unwrap();
        let mut answer = Vec::new();
        let mut byte = [0];
        while !answer.ends_with(b"}") {
            stream.read_exact(&mut byte).unwrap();
            answer.push(byte[0]);
        }
        let text = String::from_utf8(answer).unwrap();
        assert!(text.contains("\"errorcode\":0"), "{text}");
    }
}
