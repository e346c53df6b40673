//! A platform process of a test's own, and a caller that speaks to it over mutual TLS.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};

use crate::language::assert_apart;

/// The command under test.
pub const COMMAND: &str = env!("CARGO_BIN_EXE_wosigndoc-server");

/// The platform under test. TEST_PLATFORM names another one than this build's, as the words of a command: the program for
/// Windows by Wine.
pub fn platform() -> Command {
    let Ok(words) = std::env::var("TEST_PLATFORM") else {
        return Command::new(COMMAND);
    };
    let mut words = words.split(' ');
    let mut command = Command::new(words.next().unwrap());
    command.args(words);
    command
}

/// A running platform.
pub struct Sandbox {
    child: Child,
    data: PathBuf,
    /// The port it listens on.
    pub port: u16,
    /// What it printed until it was ready.
    pub printed: String,
}

impl Sandbox {
    /// Starts `dev` on a free port and waits until it is ready.
    pub fn start(data: &Path, more: &[&str]) -> Sandbox {
        Sandbox::run("dev", data, more)
    }

    /// Starts `dev` or `serve`.
    pub fn run(command: &str, data: &Path, more: &[&str]) -> Sandbox {
        Sandbox::run_with(command, data, more, &[])
    }

    /// The same, with these variables in its environment.
    pub fn run_with(command: &str, data: &Path, more: &[&str], variables: &[(&str, &str)]) -> Sandbox {
        let child = platform()
            .envs(variables.iter().copied())
            .args([command, "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(std::fs::OpenOptions::new().create(true).append(true).open(log(data)).unwrap())
            .spawn()
            .unwrap();
        let mut sandbox = Sandbox { child, data: data.to_owned(), port: 0, printed: String::new() };
        for line in BufReader::new(sandbox.child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            sandbox.printed.push_str(&line);
            sandbox.printed.push('\n');
            if let Some(port) = line.strip_prefix("listening on https://127.0.0.1:") {
                sandbox.port = port.trim_end_matches('/').parse().unwrap();
                return sandbox;
            }
        }
        panic!("the platform did not start: {}", sandbox.log());
    }

    /// The log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(log(&self.data)).unwrap()
    }

    /// Sends a signal and waits for the end.
    pub fn signal(mut self, name: &str) -> ExitStatus {
        self.kill(name);
        self.child.wait().unwrap()
    }

    /// Sends a signal.
    pub fn kill(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(crate::tools::tool("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// A file in the data folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.data.join(name)
    }

    /// client.json.
    pub fn client(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.path("client.json")).unwrap()).unwrap()
    }

    /// The sandbox's TokenID.
    pub fn token(&self) -> String {
        self.client()["tokenid"].as_str().unwrap().to_owned()
    }

    /// Runs an administrative command; it must succeed.
    pub fn admin(&self, words: &[&str]) -> String {
        let done = admin(&self.data, words);
        assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Waits until `order show` has this in it.
    pub fn wait_for(&self, number: &str, state: &str) {
        for _ in 0..600 {
            if self.admin(&["order", "show", number]).contains(state) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("{number} never was {state}: {}{}", self.admin(&["order", "show", number]), self.log());
    }

    /// A TLS connection with the sandbox's client certificate.
    pub fn connect(&self) -> StreamOwned<ClientConnection, TcpStream> {
        self.connect_as(Some(&self.path("client")))
    }

    /// A TLS connection with NAME.pem and NAME.key, or with no certificate.
    pub fn connect_as(&self, identity: Option<&Path>) -> StreamOwned<ClientConnection, TcpStream> {
        self.connect_by(rustls::ALL_VERSIONS, identity)
    }

    /// The same, by one of these versions of TLS.
    pub fn connect_by(
        &self,
        versions: &[&'static rustls::SupportedProtocolVersion],
        identity: Option<&Path>,
    ) -> StreamOwned<ClientConnection, TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.path("ca.pem")).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots);
        let config = match identity {
            None => config.with_no_client_auth(),
            Some(name) => {
                let certificate = CertificateDer::from_pem_file(name.with_extension("pem")).unwrap();
                let key = PrivateKeyDer::from_pem_file(name.with_extension("key")).unwrap();
                // As OpenSSL does: what certificate and key are is the platform's to judge.
                let key = provider.key_provider.load_private_key(key).unwrap();
                let shown = SingleCertAndKey::from(CertifiedKey::new(vec![certificate], key));
                config.with_client_cert_resolver(Arc::new(shown))
            }
        };
        let server = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(Arc::new(config), server).unwrap();
        StreamOwned::new(connection, TcpStream::connect(("127.0.0.1", self.port)).unwrap())
    }

    /// Sends an order; the answer must be HTTP 200.
    pub fn order(&self, order: &Value) -> Value {
        let (status, answer) = self.post(order.to_string().as_bytes(), "application/json; charset=utf-8");
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Posts a body.
    pub fn post(&self, body: &[u8], kind: &str) -> (u16, Value) {
        exchange(self.connect(), &request("POST", "/", kind, body)).unwrap()
    }

    /// The code of the answer to an order: 0 when it was accepted.
    pub fn code(&self, order: &Value) -> i64 {
        code(&self.order(order))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The code of an answer; 0 with status 1 only.
pub fn code(answer: &Value) -> i64 {
    let code = answer["errorcode"].as_i64().unwrap();
    assert_eq!(answer["status"], i64::from(code == 0), "{answer}");
    code
}

/// Runs an administrative command.
pub fn admin(data: &Path, words: &[&str]) -> Output {
    let (group, rest) = words.split_at(2);
    platform().args(group).arg("--data").arg(data).args(rest).output().unwrap()
}

/// Runs a command that needs no data folder.
pub fn command(words: &[&str]) -> Output {
    platform().args(words).output().unwrap()
}

fn log(data: &Path) -> PathBuf {
    data.with_extension("log")
}

/// A request as it goes over the wire.
pub fn request(method: &str, path: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Sends a request and reads the answer: HTTP status, and the body as JSON.
pub fn exchange(
    mut stream: StreamOwned<ClientConnection, TcpStream>,
    request: &[u8],
) -> std::io::Result<(u16, Value)> {
    stream.write_all(request)?;
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer);
    let text = String::from_utf8(answer).unwrap();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return Err(ended.err().unwrap_or_else(|| std::io::ErrorKind::UnexpectedEof.into()));
    };
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let answer = serde_json::from_str(body).unwrap_or(Value::Null);
    assert_apart(&answer);
    Ok((status, answer))
}

/// The contract of the examples.
pub const CONTRACT: &[u8] = include_bytes!("../../../examples/contract.pdf");
/// A picture that serves as material.
pub const PICTURE: &[u8] = include_bytes!("../../../examples/material.png");

/// A small PDF of so many pages.
pub fn small_pdf(pages: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" ")),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>";
    objects.extend((0..pages).map(|_| page.to_owned()));
    pdf(&objects)
}

/// A PDF of these objects, numbered from 1; the first is the catalogue.
pub fn pdf(objects: &[String]) -> Vec<u8> {
    crate::paper::laid_out(objects)
}

/// Base64.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// An order that is right in every respect: an organisation and a person on a small document.
pub fn order(token: &str, number: &str) -> Value {
    let picture = encode(PICTURE);
    json!({
        "tokenid": token,
        "actiontype": "CreateSignOrder",
        "tempid": "",
        "subject": "租赁合同",
        "password": "",
        "filebase": encode(&small_pdf(2)),
        "fileformat": "pdf",
        "orderNumber": number,
        "signerlist": [
            {"signType": 1, "orgName": "云杉软件（示例）有限公司", "orgNo": "91350100M000100Y43",
             "stampbase": "", "pic": picture, "otherpic": picture,
             "signlist": [{"pagenumber": 1, "position": "0.3,0.57,0.46,0.69"}]},
            {"signType": 2, "userName": "李明", "userNo": "11010519491231002X",
             "stampbase": "", "pic": picture, "otherpic": picture,
             "signlist": [{"pagenumber": 2, "position": "0.65, 0.47, 0.82, 0.59"}]},
        ],
    })
}
