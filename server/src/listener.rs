//! Accepts TLS connections and serves HTTP/1.1 on them, all of it bounded: how many at a time, how long
//! a handshake and a request's head may take, and how long the end of the process waits for them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;
use tracing::{debug, info, warn};

use crate::faults::Faults;
use crate::stop::{GRACE, stopped};
use crate::tls::Peer;

/// The longest time that a TLS handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest time that a connection may be idle, or take for a request's head. Clients keep one for 55 s.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 64 * 1024;
/// The pause after what the system could not do.
const PAUSE: Duration = Duration::from_millis(100);

/// What every connection needs.
#[derive(Clone)]
pub struct Served {
    /// The certificates of both sides.
    pub tls: TlsAcceptor,
    /// What answers.
    pub app: Router,
    /// The largest number of connections at a time.
    pub max_connections: usize,
    /// What goes wrong on purpose: the listener may be down for a while.
    pub faults: Arc<Faults>,
}

/// Serves until `stop` turns true, then waits for requests in flight, at most [`GRACE`].
pub async fn serve(listener: TcpListener, served: Served, mut stop: watch::Receiver<bool>) {
    let address = listener.local_addr();
    let mut listener = Some(listener);
    while let Some(open) = listener.take() {
        let down = tokio::select! {
            () = accept(&open, &served, &mut stop) => None,
            down = served.faults.goes_down() => Some(down),
        };
        drop(open);
        if let (Some((down, back)), Ok(address)) = (down, &address) {
            info!(seconds = down.as_secs(), "the listener is down, as ordered");
            listener = tokio::select! {
                again = again(*address, down, back) => Some(again),
                () = stopped(&mut stop) => None,
            };
        }
    }
}

/// Listens again after a while, or when that is taken `back`.
async fn again(address: SocketAddr, down: Duration, mut back: watch::Receiver<()>) -> TcpListener {
    let _ = timeout(down, back.changed()).await;
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(error) => {
                warn!(%error, "the listener cannot come back yet");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Accepts connections until `stop` turns true. When this is dropped, those that are open break.
async fn accept(listener: &TcpListener, served: &Served, stop: &mut watch::Receiver<bool>) {
    let limit = u32::try_from(served.max_connections).unwrap_or(u32::MAX);
    let places = Arc::new(Semaphore::new(limit as usize));
    let mut connections = JoinSet::new();
    loop {
        // A place first: what is beyond the limit waits in the system's own queue.
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            Some(_) = connections.join_next() => continue,
            () = stopped(stop) => break,
        };
        match accepted {
            Ok((stream, address)) => {
                debug!(%address, "connection");
                let connection = connection(stream, served.tls.clone(), served.app.clone(), stop.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Mostly: out of file descriptors. Waiting lets connections end.
                warn!(%error, "cannot accept a connection");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    let ended = async { while connections.join_next().await.is_some() {} };
    if timeout(GRACE, ended).await.is_err() {
        info!("requests still in flight are given up");
    }
}

async fn connection(stream: TcpStream, tls: TlsAcceptor, app: Router, stop: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let stream = match timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return debug!(%error, "no TLS"),
        Err(_) => return debug!("the TLS handshake took too long"),
    };
    let peer = Peer::of(stream.get_ref().1);
    http(stream, app, Some(peer), stop).await;
}

/// Serves HTTP/1.1 on a connection until it ends, or until `stop` turns true and its request is answered. `peer` is who is at the
/// other end, where that is known.
pub async fn http(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    app: Router,
    peer: Option<Peer>,
    mut stop: watch::Receiver<bool>,
) {
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        if let Some(peer) = &peer {
            request.extensions_mut().insert(peer.clone());
        }
        app.clone().call(request)
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stopped(&mut stop) => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        debug!(%error, "connection ended");
    }
}
