//! A site whose callback is certified: a web server of its own, which does with each request what a test says.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode};
use axum::routing::any;
use serde_json::json;
use wosigndoc::push::{Options, Received, Sink, receive};

/// What is answered; `None`: nothing, for as long as the other side waits.
pub type Answer = Option<(u16, &'static str)>;

/// What acknowledges a push.
pub const ONE: Answer = Some((200, "1"));
/// What refuses it.
pub const NO: Answer = Some((400, "no"));

/// Starts a site and returns the URL of its callback. It gets the bodies of POST requests that came whole; all others are
/// refused.
pub fn start(answer: impl Fn(&[u8]) -> Answer + Send + Sync + 'static) -> String {
    let answer = Arc::new(answer);
    let handle = move |method: Method, body: Option<Bytes>| {
        let answer = Arc::clone(&answer);
        async move {
            let body = body.filter(|_| method == Method::POST);
            let answered = tokio::task::spawn_blocking(move || body.map_or(NO, |body| answer(&body))).await;
            let Some((status, text)) = answered.unwrap() else { return std::future::pending().await };
            (StatusCode::from_u16(status).unwrap(), text)
        }
    };
    let handle = move |method: Method, body: Result<Bytes, axum::extract::rejection::BytesRejection>| {
        handle(method, body.ok())
    };
    let router = Router::new().route("/push", any(handle)).layer(DefaultBodyLimit::disable());
    let (sender, port) = channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap().port()).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    format!("http://127.0.0.1:{}/push", port.recv().unwrap())
}

/// Where a site keeps its documents, and whom it trusts.
#[derive(Clone)]
pub struct Place {
    /// The folder of documents.
    pub stored: PathBuf,
    root: PathBuf,
}

impl Place {
    /// Makes one in a folder, which has ca.pem.
    pub fn new(folder: &Path) -> Place {
        let stored = folder.join("stored");
        std::fs::create_dir_all(&stored).unwrap();
        Place { stored, root: folder.join("ca.pem") }
    }

    /// What the library says of a push, its signatures verified.
    pub fn judge(&self, body: &[u8]) -> Option<Received> {
        let options = json!({"verify": {"roots": {"ca_file": self.root}}});
        receive(body, Options::from_json(options.to_string().as_bytes()).unwrap(), Sink::Owned).ok()
    }

    /// What it says when nobody looks at the signatures.
    pub fn believe(&self, body: &[u8]) -> Option<Received> {
        receive(body, Options::default(), Sink::Owned).ok()
    }

    /// Stores a document, if there is one, under a name.
    pub fn store(&self, received: &Received, name: &str) {
        if let Some(document) = &received.document {
            std::fs::write(self.stored.join(name), document).unwrap();
        }
    }

    /// Does all of it right.
    pub fn right(&self, body: &[u8]) -> Answer {
        let Some(received) = self.judge(body) else { return NO };
        self.store(&received, &received.delivery_key().unwrap());
        ONE
    }
}
