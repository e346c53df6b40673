//! A real TLS server on loopback that demands client certificates and misbehaves on request.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test may panic
#![allow(dead_code)] // each test binary uses its own part

#[path = "../support/language.rs"]
pub mod language;

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use serde_json::{Value, json};
use wosigndoc::client::{Client, CreateOptions, Created};
use wosigndoc::protocol::Error;

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Answers with this status and body.
    Answer(u16, Vec<u8>),
    /// Answers with these very bytes, then closes.
    Raw(Vec<u8>),
    /// Answers before it reads the body; then reads it, or closes without.
    AnswerAtOnce(Vec<u8>, bool),
    /// Reads the request, then closes without a word.
    CloseAfterRequest,
    /// Closes as soon as the request's head is there.
    CloseAfterHead,
    /// Answers, and closes the kept-alive connection afterwards without saying so.
    AnswerThenClose(Vec<u8>),
    /// Reads the request and never answers.
    Never,
    /// Waits so long, then answers.
    Slow(Duration, Vec<u8>),
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    pub connection: usize,
    pub head: String,
    pub body: Vec<u8>,
    pub length: usize,
}

impl Request {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Certificates of a small world: one CA, a server, a client.
pub struct World {
    pub ca: CertifiedIssuer<'static, KeyPair>,
    pub server_key: KeyPair,
    pub server: CertificateDer<'static>,
    pub client_pem: String,
    pub client_key: String,
}

impl World {
    pub fn new() -> World {
        World::with(&["127.0.0.1", "localhost"], |_| {})
    }

    /// A world whose server certificate is for these names, and changed in some way.
    pub fn with(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> World {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "Test CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let server_key = KeyPair::generate().unwrap();
        let mut params =
            CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        change(&mut params);
        let server = params.signed_by(&server_key, &ca).unwrap().der().clone();
        let client_key = KeyPair::generate().unwrap();
        let client =
            CertificateParams::new(vec!["client".to_owned()]).unwrap().signed_by(&client_key, &ca).unwrap();
        World { server_key, server, client_pem: client.pem(), client_key: client_key.serialize_pem(), ca }
    }

    /// A configuration for a client of this world's server.
    pub fn config(&self, address: SocketAddr) -> Value {
        json!({
            "endpoint": format!("https://{address}/"),
            "tokenid": "T-1",
            "identity": {"certificate": self.client_pem, "key": self.client_key},
            "roots": {"ca": self.ca.pem()},
            "retry": {"pause_ms": 1},
        })
    }
}

/// The server; it ends with the test.
pub struct Server {
    pub address: SocketAddr,
    pub world: World,
    shared: Arc<Shared>,
}

struct Shared {
    script: Mutex<VecDeque<Act>>,
    fallback: Act,
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    keep_bodies: bool,
}

/// The answer to an order that is taken.
pub fn taken() -> Vec<u8> {
    br#"{"status":1,"errorcode":0,"signid":"5ba2fd41-1","orderNumber":"A-1"}"#.to_vec()
}

/// The answer to an order that is refused.
pub fn refused(code: i32) -> Vec<u8> {
    format!(r#"{{"status":0,"errorcode":{code},"orderNumber":"A-1"}}"#).into_bytes()
}

/// A complete order under the number A-1.
pub fn order() -> Vec<u8> {
    order_of(json!("JVBERi0="))
}

/// A complete order for a document from this source.
pub fn order_of(filebase: Value) -> Vec<u8> {
    json!({
        "subject": "租赁合同", "filebase": filebase, "fileformat": "pdf", "orderNumber": "A-1",
        "signerlist": [{
            "signType": 2, "userName": "张三", "userNo": "11010519491231002X", "pic": "QQ==", "otherpic": "QQ==",
            "signlist": [{"pagenumber": 1, "position": "0.1,0.1,0.3,0.2"}],
        }],
    })
    .to_string()
    .into_bytes()
}

impl Server {
    /// A server that does these things, one a request, and then takes every order.
    pub fn start(script: impl IntoIterator<Item = Act>) -> Server {
        Server::in_world(World::new(), script, Act::Answer(200, taken()), true)
    }

    /// A server that trusts the clients of the root in this PEM text, and of no other.
    pub fn trusting(world: World, pem: &[u8], fallback: Act) -> Server {
        use rustls::pki_types::pem::PemObject;
        let last = CertificateDer::pem_slice_iter(pem).last().unwrap().unwrap();
        let config = server_config(&world, last, ALL, Ask::Strictly);
        Server::run(world, [], fallback, true, config)
    }

    /// A server that speaks one version of TLS only.
    pub fn speaking(version: &'static SupportedProtocolVersion) -> Server {
        let world = World::new();
        let config = server_config(&world, world.ca.der().clone(), &[version], Ask::Strictly);
        Server::run(world, [], Act::Answer(200, taken()), true, config)
    }

    /// A server of which everything is chosen. Without `keep_bodies` it only counts their bytes.
    pub fn in_world(
        world: World,
        script: impl IntoIterator<Item = Act>,
        fallback: Act,
        keep_bodies: bool,
    ) -> Server {
        let config = server_config(&world, world.ca.der().clone(), ALL, Ask::Strictly);
        Server::run(world, script, fallback, keep_bodies, config)
    }

    fn run(
        world: World,
        script: impl IntoIterator<Item = Act>,
        fallback: Act,
        keep_bodies: bool,
        config: Arc<ServerConfig>,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            script: Mutex::new(script.into_iter().collect()),
            fallback,
            requests: Mutex::default(),
            connections: AtomicUsize::new(0),
            keep_bodies,
        });
        let theirs = Arc::clone(&shared);
        thread(move || {
            for stream in listener.incoming().flatten() {
                let (config, shared) = (Arc::clone(&config), Arc::clone(&theirs));
                let number = shared.connections.fetch_add(1, Ordering::SeqCst);
                thread(move || drop(serve(stream, &config, &shared, number)));
            }
        });
        Server { address, world, shared }
    }

    pub fn config(&self) -> Value {
        self.world.config(self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// A client of this server, with its configuration changed.
    pub fn client(&self, change: impl FnOnce(&mut Value)) -> wosigndoc::client::Client {
        let mut config = self.config();
        change(&mut config);
        client(&config)
    }
}

pub fn client(config: &Value) -> wosigndoc::client::Client {
    let config = wosigndoc::client::Config::from_json(config.to_string().as_bytes()).unwrap();
    wosigndoc::client::Client::new(config).unwrap()
}

/// Sends the usual order.
pub fn send(client: &Client) -> Result<Created, Error> {
    client.create_json(&order(), &CreateOptions::default())
}

/// The same, when it must fail.
pub fn fails(client: &Client) -> Error {
    let error = send(client).expect_err("the order was taken");
    language::assert_apart(&error.to_json());
    error
}

/// Both versions of TLS.
pub const ALL: Versions = &[&rustls::version::TLS13, &rustls::version::TLS12];
type Versions = &'static [&'static SupportedProtocolVersion];

/// Whether a server takes clients without a certificate.
pub enum Ask {
    Strictly,
    Gladly,
}

pub fn server_config(
    world: &World,
    root: CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
    ask: Ask,
) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(root).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let verifier = match ask {
        Ask::Strictly => verifier,
        Ask::Gladly => verifier.allow_unauthenticated(),
    };
    let verifier = verifier.build().unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(world.server_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![world.server.clone()], key)
        .unwrap();
    Arc::new(config)
}

fn thread(act: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().name("test-server".to_owned()).spawn(act).unwrap();
}

type Stream = StreamOwned<ServerConnection, TcpStream>;

fn serve(
    stream: TcpStream,
    config: &Arc<ServerConfig>,
    shared: &Shared,
    number: usize,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let tls = ServerConnection::new(Arc::clone(config)).unwrap();
    let mut reader = BufReader::with_capacity(64 * 1024, StreamOwned::new(tls, stream));
    loop {
        let head = read_head(&mut reader)?;
        if head.is_empty() {
            return Ok(());
        }
        let mut request = Request { connection: number, head, body: Vec::new(), length: 0 };
        let act = shared.script.lock().unwrap().pop_front().unwrap_or_else(|| shared.fallback.clone());
        if matches!(act, Act::CloseAfterHead) {
            return reader.get_ref().sock.shutdown(Shutdown::Both);
        }
        if let Act::AnswerAtOnce(body, reads) = &act {
            let stream = reader.get_mut();
            stream.write_all(&message(413, body)).and_then(|()| stream.flush())?;
            if !reads {
                return reader.get_ref().sock.shutdown(Shutdown::Both);
            }
        }
        let length: usize =
            request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or_default();
        if shared.keep_bodies {
            request.body.resize(length, 0);
            reader.read_exact(&mut request.body)?;
            request.length = length;
        } else {
            request.length =
                std::io::copy(&mut (&mut reader).take(length as u64), &mut std::io::sink())? as usize;
        }
        shared.requests.lock().unwrap().push(request);
        if !answer(reader.get_mut(), act)? {
            return Ok(());
        }
    }
}

fn read_head(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut head = String::new();
    while reader.read_line(&mut head)? > 2 {}
    Ok(head)
}

/// Does what the script says; true when the connection goes on.
fn answer(stream: &mut Stream, act: Act) -> std::io::Result<bool> {
    let mut write = |bytes: &[u8]| stream.write_all(bytes).and_then(|()| stream.flush());
    let close = match act {
        Act::Answer(status, body) => {
            write(&message(status, &body))?;
            return Ok(true);
        }
        Act::Slow(pause, body) => {
            std::thread::sleep(pause);
            write(&message(200, &body))?;
            return Ok(true);
        }
        Act::Raw(bytes) | Act::AnswerThenClose(bytes) => write(&bytes),
        Act::Never => {
            std::thread::sleep(Duration::from_secs(60));
            Ok(())
        }
        Act::AnswerAtOnce(..) => return Ok(true),
        Act::CloseAfterRequest | Act::CloseAfterHead => Ok(()),
    };
    close?;
    stream.sock.shutdown(Shutdown::Both)?;
    Ok(false)
}

/// A whole HTTP answer.
pub fn message(status: u16, body: &[u8]) -> Vec<u8> {
    let date = "Date: Tue, 24 Nov 2026 20:29:00 GMT\r\n";
    let head = format!(
        "HTTP/1.1 {status} X\r\n{date}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// The process's largest memory so far, in kilobytes.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A sparse file of so many bytes.
pub fn file_of(folder: &Path, megabytes: u64) -> std::path::PathBuf {
    let path = folder.join(format!("{megabytes}.pdf"));
    std::fs::File::create(&path).unwrap().set_len(megabytes * 1024 * 1024).unwrap();
    path
}
