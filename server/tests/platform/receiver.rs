//! A caller's side of pushes: an HTTP server that keeps what came and answers as a test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Channel, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// How long a push is waited for; only a broken platform takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// One push as it came.
#[derive(Clone, Debug)]
pub struct Push {
    /// The head of the request.
    pub head: String,
    /// The body.
    pub body: Value,
    /// The document, decoded.
    pub document: Option<Vec<u8>>,
}

impl Push {
    /// Whether the hash is the document's.
    pub fn hash_holds(&self) -> bool {
        let document = self.document.as_deref().unwrap_or_default();
        let hash = wosigndoc::protocol::hex::encode(&Sha256::digest(document));
        self.body["extendData"]["hash"] == hash
    }

    /// orderNumber.
    pub fn number(&self) -> String {
        self.body["extendData"]["ordernumber"].as_str().unwrap().to_owned()
    }
}

type Answer = dyn Fn(&Push) -> String + Send + Sync;

/// A listening receiver.
pub struct Receiver {
    /// Its URL.
    pub url: String,
    pushes: Mutex<Channel<Push>>,
}

impl Receiver {
    /// Answers each push with what `answer` returns: a whole HTTP answer, or nothing and a closed
    /// connection where it is empty. The hash of each must hold.
    pub fn start(answer: impl Fn(&Push) -> String + Send + Sync + 'static) -> Receiver {
        Receiver::start_unchecked(move |push| {
            assert!(push.document.is_none() || push.hash_holds(), "a wrong hash");
            answer(push)
        })
    }

    /// The same, whatever the hash.
    pub fn start_unchecked(answer: impl Fn(&Push) -> String + Send + Sync + 'static) -> Receiver {
        Receiver::listen("http://127.0.0.1", move |stream, sender| serve(stream, sender, &answer))
    }

    fn listen(host: &str, serve: impl Fn(TcpStream, &Sender<Push>) + Send + Sync + 'static) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{host}:{}/push?shop=1", listener.local_addr().unwrap().port());
        let (sender, pushes) = channel();
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (sender, serve) = (sender.clone(), Arc::clone(&serve));
                std::thread::spawn(move || serve(stream, &sender));
            }
        });
        Receiver { url, pushes: Mutex::new(pushes) }
    }

    /// Answers each push with `1`, over TLS, to callers with a certificate of this CA alone; shows a
    /// certificate and key of its own for `localhost` (all PEM).
    pub fn mutual(ca: &str, (certificate, key): &(String, String)) -> Receiver {
        let certificate_of = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(certificate_of(ca)).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_single_cert(
                vec![certificate_of(certificate)],
                PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
            )
            .unwrap();
        let config = Arc::new(config);
        let answer: Arc<Answer> = Arc::new(|_| reply(200, "1"));
        Receiver::listen("https://localhost", move |stream, sender| {
            let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            serve(StreamOwned::new(tls, stream), sender, &*answer);
        })
    }

    /// Answers each push with `1`, and reads it steadily, but only so many bytes a second.
    pub fn slow(rate: usize) -> Receiver {
        let answer: Arc<Answer> = Arc::new(|_| reply(200, "1"));
        Receiver::listen("http://127.0.0.1", move |stream, sender| {
            serve(Slow(stream, rate), sender, &*answer)
        })
    }

    /// Answers each push with `1`.
    pub fn acknowledging() -> Receiver {
        Receiver::start(|_| reply(200, "1"))
    }

    /// The next push.
    pub fn next(&self) -> Push {
        self.pushes.lock().unwrap().recv_timeout(PATIENCE).expect("no push came")
    }

    /// The next push, if one comes soon.
    pub fn soon(&self, patience: Duration) -> Option<Push> {
        match self.pushes.lock().unwrap().recv_timeout(patience) {
            Ok(push) => Some(push),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("the receiver broke down"),
        }
    }
}

/// A connection that is read at this rate.
struct Slow(TcpStream, usize);

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        std::thread::sleep(Duration::from_millis(100));
        let most = buffer.len().min(self.1 / 10);
        self.0.read(&mut buffer[..most])
    }
}

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// A HTTP answer.
pub fn reply(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Status\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn serve(stream: impl Read + Write, sender: &Sender<Push>, answer: &Answer) {
    let mut reader = BufReader::new(stream);
    // A platform that was killed leaves half a request behind.
    let Some(push) = read(&mut reader) else { return };
    let text = answer(&push);
    let _ = reader.get_mut().write_all(text.as_bytes());
    let _ = sender.send(push);
}

/// Reads a push and checks what must always hold of one.
fn read(reader: &mut impl BufRead) -> Option<Push> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.trim().parse().ok());
    let mut body = vec![0; length.expect("a push without a length")];
    reader.read_exact(&mut body).ok()?;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["actiontype"], "PushSignedDoc");
    let document = body["extendData"]["content"].as_str().map(|text| STANDARD.decode(text).unwrap());
    Some(Push { head, body, document })
}
