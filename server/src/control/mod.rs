//! The control API: what a test, or a person, asks of the running platform and tells it, over HTTP on a listener of its
//! own. It is described by the OpenAPI document at `/openapi.json`, which is made from the code.

mod answer;
mod clock;
mod faults;
mod guard;
pub mod inbox;
mod journal;
mod orders;
mod readiness;
mod tokens;
mod wait;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use axum::{Json, Router, middleware};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Notify, watch};
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::inbox::Inbox;
use crate::faults::Faults;
use crate::folder::Folder;
use crate::journal::Journal;
use crate::orders::retention::Retention;
use crate::server_identity::ServerIdentity;
use crate::stop::stopped;
use crate::store::Store;

/// The means of every call.
pub struct Control {
    /// The folder of documents.
    pub folder: Folder,
    /// The database.
    pub store: Store,
    /// What came in and went out.
    pub journal: Arc<Journal>,
    /// What was pushed to this API itself.
    pub inbox: Inbox,
    /// What goes wrong on purpose.
    pub faults: Arc<Faults>,
    /// Wakes the push queue.
    pub finished: Arc<Notify>,
    /// The listener's certificate.
    pub identity: Arc<ServerIdentity>,
    /// Deletes what need not be kept any longer.
    pub retention: Arc<Retention>,
    /// Tells when the platform stops.
    pub stop: watch::Receiver<bool>,
    /// Held by whoever moves the clock: one at a time.
    pub moving: Mutex<()>,
}

/// What the description says of the whole.
#[derive(OpenApi)]
#[openapi(info(
    title = "wosigndoc-server control",
    description = "Drives the sandbox: orders and their pushes, the clock, the journal, tokens. Times are RFC 3339 in UTC, by the \
                   platform's clock."
))]
struct Description;

/// Returns the calls, and what describes them.
fn calls() -> (Router<Arc<Control>>, Document) {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(readiness::lives))
        .routes(routes!(readiness::ready))
        .routes(routes!(readiness::metrics))
        .routes(routes!(orders::list))
        .routes(routes!(orders::show))
        .routes(routes!(orders::document))
        .routes(routes!(orders::body))
        .routes(routes!(orders::push_again))
        .routes(routes!(wait::wait))
        .routes(routes!(clock::show, clock::change))
        .routes(routes!(clock::reset))
        .routes(routes!(journal::list))
        .routes(routes!(faults::list, faults::order, faults::clear))
        .routes(routes!(faults::take_back))
        .routes(routes!(inbox::take, inbox::list, inbox::answer, inbox::clear))
        .routes(routes!(inbox::show))
        .routes(routes!(tokens::list))
        .routes(routes!(tokens::change))
        .split_for_parts()
}

/// Listens on a loopback address, or on none.
pub async fn bind(address: &str) -> Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("the control API cannot listen on {address}"))?;
    let is_near = listener.local_addr()?.ip().is_loopback();
    ensure!(
        is_near,
        "the control API has no password: let it listen on a loopback address, not on {address}"
    );
    Ok(listener)
}

/// Serves the control API until `stop` turns true.
pub async fn serve(listener: TcpListener, control: Arc<Control>) {
    let mut stop = control.stop.clone();
    let address = listener.local_addr().unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)));
    let (router, document) = calls();
    let described = move || std::future::ready(Json(document.clone()));
    let router = router
        .route("/openapi.json", axum::routing::get(described))
        .fallback(answer::unknown)
        .layer(middleware::from_fn_with_state(address, guard::let_in))
        .with_state(control);
    let served = axum::serve(listener, router);
    // Whoever waits for something is not waited for.
    tokio::select! {
        ended = served => if let Err(error) = ended { tracing::error!(%error, "the control API ended") },
        () = stopped(&mut stop) => {}
    }
}
