//! Servers that openssl runs, whose TLS does not suit: each is told in words that an administrator can act on, and none is
//! taken for a connection that was lost.

use std::io::{BufRead, BufReader, Lines, Write};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Stdio};

use crate::desk::Desk;
use serde_json::{Value, json};
use wosigndoc::client::{Client, Config, CreateOptions, preflight};
use wosigndoc::protocol::{Error, Reason};

const FOR_SERVERS: &str = "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth";

/// `openssl s_server`; it ends with the test.
struct Server {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
    port: u16,
}

impl Server {
    /// Starts it with server.pem and server.key.
    fn start(desk: &Desk, words: &str) -> Server {
        let mut command = crate::tools::tool("openssl");
        command.args(["s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-key", "server.key"]);
        command.args(words.split_whitespace()).current_dir(desk.path("."));
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = said.by_ref().map(Result::unwrap).find(|line| line.starts_with("ACCEPT")).unwrap();
        let port = line.rsplit(':').next().unwrap().parse().unwrap();
        Server { child, said, port }
    }

    fn config(&self, desk: &Desk) -> Value {
        config(desk, self.port)
    }

    /// Waits until it says this, then gives it a command.
    fn command_after(&mut self, words: &str, command: &[u8]) {
        self.said.by_ref().map(Result::unwrap).find(|line| line.contains(words)).unwrap();
        self.child.stdin.as_mut().unwrap().write_all(command).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn config(desk: &Desk, port: u16) -> Value {
    json!({"endpoint": format!("https://127.0.0.1:{port}/"), "tokenid": "T",
        "identity": {"certificate_file": desk.path("client.pem"), "key_file": desk.path("client.key")},
        "roots": {"ca_file": desk.path("ca.pem")}, "timeouts": {"total_ms": 20000}})
}

/// Sends an order that must fail for TLS's sake, and looks at the languages.
fn fails(config: &Value) -> Error {
    let client = Client::new(Config::from_json(config.to_string().as_bytes()).unwrap()).unwrap();
    let order =
        br#"{"orderNumber":"A-1","tempid":"T-1","filebase":"JVBERi0=","fileformat":"pdf","signerlist":[
        {"signType":2,"userName":"\u5f20\u4e09","userNo":"11010519491231002X","pic":"QQ==","otherpic":"QQ==",
        "signlist":[{"pagenumber":1,"position":"0.1,0.1,0.3,0.2"}]}]}"#;
    let error = client.create_json(order, &CreateOptions::default()).expect_err("the order was taken");
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let (message, advice) = (error.message(), error.entry().advice);
    assert!(!chinese(&message.en) && !chinese(&advice.en), "{error}");
    assert!(chinese(&message.zh) && chinese(&advice.zh), "{error}");
    error
}

/// A desk with a client and a server.
fn desk(extensions: &str) -> Option<Desk> {
    let desk = Desk::new()?;
    desk.client("client", "ca");
    desk.key("server");
    desk.issue("server", "server", "ca", extensions, (-1, 90));
    Some(desk)
}

fn expect(error: &Error, reason: Reason, words: &str, advice: &str) {
    assert_eq!((error.reason(), error.may_have_arrived()), (reason, false), "{error}");
    assert!(error.message().en.contains(words), "{error}");
    assert!(error.entry().advice.en.contains(advice), "{error}: {:?}", error.entry().advice);
}

/// Covers P-3: servers with whom there is nothing in common.
#[test]
fn tells_that_nothing_is_in_common() {
    let Some(desk) = desk(FOR_SERVERS) else { return };
    desk.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key");
    desk.issue("rsa", "rsa", "ca", FOR_SERVERS, (-1, 90));
    desk.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out p521.key");
    desk.issue("p521", "p521", "ca", FOR_SERVERS, (-1, 90));
    let rsa = "-cert rsa.pem -key rsa.key";
    for words in [
        format!("{rsa} -tls1_2 -cipher ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA"), // CBC
        format!("{rsa} -tls1_2 -cipher AES256-GCM-SHA384"),                            // RSA key exchange
        format!("{rsa} -tls1_2 -cipher DHE-RSA-AES256-GCM-SHA384"),
        "-tls1_2 -groups P-521".to_owned(),
        "-tls1_3 -groups P-521".to_owned(),
        "-tls1_2 -cert p521.pem -key p521.key".to_owned(),
        "-tls1_3 -cert p521.pem -key p521.key".to_owned(),
        "-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256".to_owned(),
    ] {
        let server = Server::start(&desk, &format!("{words} -Verify 3 -CAfile ca.pem"));
        let error = fails(&server.config(&desk));
        expect(&error, Reason::TlsFailed, "no common cipher suite", "AES-GCM");
    }
    let server = Server::start(&desk, "-tls1_1 -cipher ALL:@SECLEVEL=0");
    expect(&fails(&server.config(&desk)), Reason::TlsFailed, "no common version", "");
}

/// Covers P-3: a port where something else answers.
#[test]
fn tells_that_it_is_not_tls() {
    let Some(desk) = desk(FOR_SERVERS) else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let http = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").unwrap();
    });
    expect(&fails(&config(&desk, port)), Reason::TlsFailed, "does not speak TLS", "port");
    http.join().unwrap();
}

/// Covers P-3: a client certificate that the server does not take, in both versions, after the handshake as in it.
#[test]
fn tells_a_refusal_in_both_versions() {
    let Some(desk) = desk(FOR_SERVERS) else { return };
    desk.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout x.key -out x.pem -subj /CN=X -days 9");
    for version in ["-tls1_2", "-tls1_3"] {
        let server = Server::start(&desk, &format!("{version} -Verify 3 -verify_return_error -CAfile x.pem"));
        let error = fails(&server.config(&desk));
        expect(&error, Reason::TlsFailed, "refused the client certificate", "intermediate");
        assert!(!error.entry().retry);
    }
}

/// Covers P-3: a server that asks for the certificate after the handshake, by renegotiation.
#[test]
fn tells_that_the_server_asks_late() {
    let Some(desk) = desk(FOR_SERVERS) else { return };
    let mut server = Server::start(&desk, "-tls1_2 -CAfile ca.pem");
    let config = server.config(&desk);
    std::thread::scope(|scope| {
        // The order is there when it asks.
        scope.spawn(|| server.command_after("HTTP/1.1", b"R\n"));
        let error = fails(&config);
        expect(&error, Reason::TlsFailed, "only after the handshake", "clientcertnegotiation=enable");
        assert!(error.entry().advice.en.contains("the host's own HTTP client"));
    });
}

/// Covers P-3: the preflight sees that a server does not ask in the handshake, whatever it says afterwards.
#[test]
fn preflight_tells_that_nobody_asked() {
    let Some(desk) = desk(FOR_SERVERS) else { return };
    for version in ["-tls1_2", "-tls1_3"] {
        for (words, level) in [("", "warning"), ("-Verify 3 -CAfile ca.pem", "ok")] {
            let server = Server::start(&desk, &format!("{version} -www {words}"));
            let report = preflight(server.config(&desk).to_string().as_bytes(), None);
            let checks = report["checks"].as_array().unwrap();
            let check = checks.iter().find(|check| check["check"] == "client_certificate").unwrap();
            assert_eq!(check["level"], level, "{report:#}");
        }
    }
}

/// Covers P-3: a server certificate that is not verified is told with what is wrong about it.
#[test]
fn says_what_is_wrong_with_the_server() {
    let Some(desk) = desk(FOR_SERVERS) else { return };
    let told = |words: &str, change: &dyn Fn(&mut Value)| {
        let server = Server::start(&desk, words);
        let mut config = server.config(&desk);
        change(&mut config);
        let report = preflight(config.to_string().as_bytes(), None);
        assert_eq!(report["ok"], false, "{report:#}");
        fails(&config)
    };
    desk.issue("bare", "server", "ca", "extendedKeyUsage=serverAuth", (-1, 90));
    let error = told("-cert bare.pem", &|_| {});
    expect(&error, Reason::ServerName, "no subject alternative name (SAN)", "subjectAltName");
    desk.issue("other", "server", "ca", "subjectAltName=DNS:a.example,DNS:b.example", (-1, 90));
    let error = told("-cert other.pem", &|_| {});
    expect(&error, Reason::ServerName, "it is for a.example, b.example, not for 127.0.0.1", "host name");
    desk.issue("old", "server", "ca", FOR_SERVERS, (-9, -2));
    expect(&told("-cert old.pem", &|_| {}), Reason::ServerExpired, "valid until 20", "clock");
    desk.issue("early", "server", "ca", FOR_SERVERS, (3, 9));
    expect(&told("-cert early.pem", &|_| {}), Reason::ServerExpired, "valid from 20", "clock");
    desk.issue(
        "client-only",
        "server",
        "ca",
        "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=clientAuth",
        (-1, 90),
    );
    let error = told("-cert client-only.pem", &|_| {});
    expect(&error, Reason::ServerUntrusted, "lacks serverAuth", "another certificate");
    // The usual self-signed certificate, put into roots.ca_file as it is.
    desk.openssl(
        "req -x509 -key server.key -subj /CN=self -addext subjectAltName=IP:127.0.0.1 -days 9 -out self.pem",
    );
    let trust = |name: &'static str, desk: &Desk| {
        let path = desk.path(name);
        move |config: &mut Value| config["roots"]["ca_file"] = json!(path)
    };
    let error = told("-cert self.pem", &trust("self.pem", &desk));
    expect(&error, Reason::ServerUntrusted, "CA:TRUE", "another certificate");
    // Version 1, as `openssl x509 -req` writes it.
    desk.openssl("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days 9 -out v1.pem");
    let error = told("-cert v1.pem", &|_| {});
    expect(&error, Reason::ServerUntrusted, "X.509 version 1", "another certificate");
    // Another CA is set: the setting is there, and must hold the right one.
    desk.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout x.key -out x.pem -subj /CN=X -days 9");
    let error = told("", &trust("x.pem", &desk));
    expect(&error, Reason::ServerUntrusted, "no trusted root issued it", "put the CA that issued");
}
