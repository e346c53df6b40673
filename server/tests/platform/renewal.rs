//! Certificates that are renewed and replaced while the platform runs.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, Issuer, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConnection, StreamOwned};
use tempfile::tempdir;
use time::OffsetDateTime;

use crate::sandbox::{COMMAND, Sandbox, order};
use crate::tools::tool;

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// A data folder that `dev` made.
fn prepared(data: &Path) {
    assert!(Sandbox::start(data, &[]).signal("TERM").success());
}

/// A certificate for this machine that the folder's CA issues, good until then, and its key (PEM).
fn issue(data: &Path, not_after: OffsetDateTime) -> (String, String) {
    let read = |name: &str| std::fs::read_to_string(data.join(name)).unwrap();
    let authority = KeyPair::from_pem(&read("ca.key")).unwrap();
    let issuer = Issuer::from_ca_cert_pem(&read("ca.pem"), authority).unwrap();
    let hosts = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut params = CertificateParams::new(hosts).unwrap();
    params.not_after = not_after;
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, &issuer).unwrap().pem(), key.serialize_pem())
}

/// A certificate that is good for a year, with its key.
fn good(data: &Path) -> (String, String) {
    issue(data, OffsetDateTime::now_utc() + time::Duration::days(365))
}

/// The certificate that a new connection is shown.
fn shown(sandbox: &Sandbox) -> Vec<u8> {
    taken(sandbox).unwrap()
}

/// The same, if a caller takes it.
fn taken(sandbox: &Sandbox) -> io::Result<Vec<u8>> {
    let mut stream = sandbox.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    stream.read_exact(&mut [0; 12])?;
    Ok(stream.conn.peer_certificates().unwrap()[0].to_vec())
}

fn der(pem: &str) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec()
}

/// Waits until this holds.
fn wait_until(what: &str, sandbox: &Sandbox, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}: {}", sandbox.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Sends the first half of an order over a new connection. Returns the connection and the other half.
fn begin(sandbox: &Sandbox, number: &str) -> (Stream, String) {
    let body = order(&sandbox.token(), number).to_string();
    let (first, rest) = body.split_at(body.len() / 2);
    let mut stream = sandbox.connect();
    let length = body.len();
    write!(stream, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{first}").unwrap();
    (stream, rest.to_owned())
}

/// Sends the rest, and reads the answer; the connection stays open.
fn end((stream, rest): &mut (Stream, String)) -> String {
    stream.write_all(rest.as_bytes()).unwrap();
    let (mut answer, mut byte) = (Vec::new(), [0]);
    while !answer.ends_with(b"}") {
        stream.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    String::from_utf8(answer).unwrap()
}

/// The platform's own certificate is renewed while it runs, when less than 30 days are left of it; a connection that
/// began with the old one goes on.
#[test]
fn renews_its_certificate_while_it_runs() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    prepared(&data);
    // A few seconds from now less than 30 days are left.
    let margin = Duration::from_secs(8);
    let (certificate, key) = issue(&data, OffsetDateTime::now_utc() + time::Duration::days(30) + margin);
    std::fs::write(data.join("server.key"), key).unwrap();
    std::fs::write(data.join("server.pem"), &certificate).unwrap();
    let begun = Instant::now();
    let sandbox = Sandbox::run("serve", &data, &[]);
    assert_eq!(shown(&sandbox), der(&certificate));
    assert!(begun.elapsed() < margin, "the start took too long for this test");
    let mut early = begin(&sandbox, "EARLY");
    let answer = end(&mut early);
    assert!(answer.contains("\"errorcode\":0"), "{answer}");
    wait_until("not renewed", &sandbox, || shown(&sandbox) != der(&certificate));
    let renewed = std::fs::read_to_string(data.join("server.pem")).unwrap();
    assert_eq!(shown(&sandbox), der(&renewed));
    let parsed = x509_parser::parse_x509_certificate(&der(&renewed))
        .map(|(_, parsed)| parsed.validity().not_after.timestamp())
        .unwrap();
    assert!(parsed > (OffsetDateTime::now_utc() + time::Duration::days(300)).unix_timestamp());
    // The connection of before carries another order.
    let body = order(&sandbox.token(), "EARLY-2").to_string();
    let head = format!("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
    early.1 = head + &body;
    let answer = end(&mut early);
    assert!(answer.contains("\"errorcode\":0"), "{answer}");
    assert_eq!(early.0.conn.peer_certificates().unwrap()[0].to_vec(), der(&certificate));
    // The next start keeps what was renewed.
    assert!(sandbox.signal("TERM").success());
    assert_eq!(shown(&Sandbox::run("serve", &data, &[])), der(&renewed));
}

/// A replaced file of the operator's own is shown after SIGHUP, and after a while without one; a request under way goes
/// on.
#[test]
fn shows_a_replaced_certificate() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    prepared(&data);
    std::fs::write(data.join("settings.json"), r#"{"server_identity": "own.pem"}"#).unwrap();
    let replace = || {
        let (certificate, key) = good(&data);
        std::fs::write(data.join("own.pem"), certificate.clone() + &key).unwrap();
        der(&certificate)
    };
    let first = replace();
    let sandbox = Sandbox::run("serve", &data, &[]);
    assert_eq!(shown(&sandbox), first);
    let mut under_way = begin(&sandbox, "HALF");
    let second = replace();
    sandbox.kill("HUP");
    wait_until("not reloaded", &sandbox, || shown(&sandbox) == second);
    assert!(sandbox.log().contains("the listener shows a new certificate"), "{}", sandbox.log());
    let answer = end(&mut under_way);
    assert!(answer.contains("\"errorcode\":0"), "{answer}");
    let third = replace();
    wait_until("not noticed", &sandbox, || shown(&sandbox) == third);
}

/// A certificate of the operator's own that has expired does not keep the platform from starting: callers and the log
/// say what is wrong, and its successor is shown without a restart.
#[test]
fn starts_with_an_expired_certificate() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    prepared(&data);
    std::fs::write(data.join("settings.json"), r#"{"server_identity": "own.pem"}"#).unwrap();
    let own = data.join("own.pem");
    let (certificate, key) = issue(&data, OffsetDateTime::now_utc() - time::Duration::days(1));
    std::fs::write(&own, certificate.clone() + &key).unwrap();
    let sandbox = Sandbox::run("serve", &data, &[]);
    let log = sandbox.log();
    let warned =
        |line: &&str| line.contains("WARN") && line.contains("own.pem") && line.contains("has expired");
    assert_eq!(log.lines().filter(warned).count(), 1, "{log}");
    let refused = taken(&sandbox).unwrap_err().to_string();
    assert!(refused.contains("certificate expired"), "{refused}");
    let (certificate, key) = good(&data);
    std::fs::write(&own, certificate.clone() + &key).unwrap();
    sandbox.kill("HUP");
    wait_until("not reloaded", &sandbox, || taken(&sandbox).ok() == Some(der(&certificate)));
    assert_eq!(sandbox.code(&order(&sandbox.token(), "RENEWED")), 0);
}

/// A certificate for callbacks that has expired does not keep the platform from starting either, and does not take the
/// place of a good one.
#[test]
fn starts_with_an_expired_certificate_for_callbacks() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    prepared(&data);
    std::fs::write(data.join("settings.json"), r#"{"callback_identity": "shown.pem"}"#).unwrap();
    let shown = data.join("shown.pem");
    let write = |(certificate, key): (String, String)| std::fs::write(&shown, certificate + &key).unwrap();
    let expired = || issue(&data, OffsetDateTime::now_utc() - time::Duration::days(1));
    write(expired());
    let sandbox = Sandbox::run("serve", &data, &[]);
    let log = sandbox.log();
    let warned = log.lines().find(|line| line.contains("WARN") && line.contains("shown.pem"));
    assert!(warned.is_some_and(|line| line.contains("has expired") && line.contains("SIGHUP")), "{log}");
    assert_eq!(sandbox.code(&order(&sandbox.token(), "EXPIRED")), 0);
    let reloads = |word: &str, times| {
        sandbox.kill("HUP");
        wait_until(word, &sandbox, || sandbox.log().matches(word).count() == times);
    };
    write(good(&data));
    reloads("for callbacks are read anew", 1);
    write(expired());
    reloads("callbacks keep their certificates", 1);
    write(good(&data));
    reloads("for callbacks are read anew", 2);
}

/// A replacement that cannot be used leaves the old certificate in its place; the log says why, and which file.
#[test]
fn keeps_its_certificate_where_the_new_one_is_bad() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    prepared(&data);
    std::fs::write(data.join("settings.json"), r#"{"server_identity": "own.pem"}"#).unwrap();
    let own = data.join("own.pem");
    let (certificate, key) = good(&data);
    std::fs::write(&own, certificate.clone() + &key).unwrap();
    let sandbox = Sandbox::run("serve", &data, &[]);
    let (other, _) = good(&data);
    let (ended, its_key) = issue(&data, OffsetDateTime::now_utc() - time::Duration::days(1));
    let half = &certificate[..certificate.len() / 2];
    let cases = [
        ("no PEM at all".to_owned(), "the certificate or key cannot be read"),
        (half.to_owned(), "PEM block 1 (CERTIFICATE) is damaged"),
        (certificate.clone(), "put certificate, chain and private key into this one file"),
        (other + &key, "does not belong to the certificate"),
        (ended + &its_key, "it has expired on"),
    ];
    for (text, reason) in cases {
        std::fs::write(&own, text).unwrap();
        let before = sandbox.log().len();
        // Twice: whoever asks is told again what a look now and then says once.
        for count in 1..=2 {
            sandbox.kill("HUP");
            let said = || {
                sandbox.log()[before..]
                    .lines()
                    .filter(|line| line.contains(reason) && line.contains("own.pem"))
                    .count()
                    >= count
            };
            wait_until(reason, &sandbox, said);
        }
        assert_eq!(shown(&sandbox), der(&certificate));
    }
    std::fs::remove_file(&own).unwrap();
    sandbox.kill("HUP");
    wait_until("a missing file", &sandbox, || sandbox.log().contains("No such file"));
    assert_eq!(shown(&sandbox), der(&certificate));
    assert_eq!(sandbox.code(&order(&sandbox.token(), "STILL")), 0);
}

/// Covers P-36: SIGHUP reads the CA certificates for callbacks anew; a bad file leaves the old ones.
#[test]
fn trusts_a_replaced_callback_ca() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    prepared(&data);
    // Its certificate comes from a CA of its own; it answers a push with something that is no acknowledgement.
    let other = Sandbox::start(&folder.path().join("other"), &[]);
    let url = format!("https://localhost:{}/", other.port);
    let ca = folder.path().join("callbacks.pem");
    std::fs::copy(data.join("ca.pem"), &ca).unwrap();
    let sandbox = Sandbox::start(&data, &["--callback", &url, "--callback-ca", ca.to_str().unwrap()]);
    assert_eq!(sandbox.code(&order(&sandbox.token(), "CA")), 0);
    sandbox.wait_for("CA", "UnknownIssuer");
    std::fs::write(&ca, "no PEM at all").unwrap();
    sandbox.kill("HUP");
    wait_until("not said", &sandbox, || {
        sandbox
            .log()
            .contains("callbacks.pem cannot be used: the file of trusted certificates cannot be used")
    });
    sandbox.admin(&["order", "push-again", "CA"]);
    sandbox.wait_for("CA", "UnknownIssuer");
    std::fs::copy(other.path("ca.pem"), &ca).unwrap();
    sandbox.kill("HUP");
    wait_until("not said", &sandbox, || {
        sandbox.log().contains("the certificates for callbacks are read anew")
    });
    sandbox.admin(&["order", "push-again", "CA"]);
    sandbox.wait_for("CA", "the receiver did not answer 1");
}

/// A sandbox whose terminal is closed stops, though a hangup asks others to reload.
#[test]
fn ends_with_its_terminal() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    // Prints the process id once the platform is ready, and closes its terminal when told so.
    let script = "import os, pty, sys\n\
        pid, terminal = pty.fork()\n\
        if pid == 0: os.execv(sys.argv[1], sys.argv[1:])\n\
        text = b''\n\
        while b'listening on' not in text: text += os.read(terminal, 4096)\n\
        os.close(terminal)\n\
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n";
    let done = tool("python3")
        .args(["-c", script, COMMAND, "dev", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(done.stdout).unwrap(), "0\n", "{}", String::from_utf8_lossy(&done.stderr));
}
