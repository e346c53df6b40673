//! Accepts TLS connections and serves HTTP/1.1 on them, all of it bounded: how many at a time, how long
//! a handshake and a request's head may take, and how long the end of the process waits for them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;
use tracing::{debug, info, warn};

use crate::stop::{GRACE, stopped};
use crate::tls::Peer;

/// The longest time that a TLS handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest time that a connection may be idle, or take for a request's head. Clients keep one for 55 s.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// Serves until `stop` turns true, then waits for requests in flight, at most [`GRACE`].
pub async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    app: Router,
    max_connections: usize,
    mut stop: watch::Receiver<bool>,
) {
    let limit = u32::try_from(max_connections).unwrap_or(u32::MAX);
    let places = Arc::new(Semaphore::new(limit as usize));
    loop {
        // A place first: what is beyond the limit waits in the system's own queue.
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = stopped(&mut stop) => break,
        };
        match accepted {
            Ok((stream, address)) => {
                debug!(%address, "connection");
                let connection = connection(stream, tls.clone(), app.clone(), stop.clone());
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Mostly: out of file descriptors. Waiting lets connections end.
                warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    if timeout(GRACE, places.acquire_many(limit)).await.is_err() {
        info!("requests still in flight are given up");
    }
}

async fn connection(stream: TcpStream, tls: TlsAcceptor, app: Router, mut stop: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let stream = match timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return debug!(%error, "no TLS"),
        Err(_) => return debug!("the TLS handshake took too long"),
    };
    let peer = Peer::of(stream.get_ref().1);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer.clone());
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
