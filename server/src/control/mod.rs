//! The control API: what a test, or a person, asks of the running platform and tells it, over HTTP on a listener of its
//! own. It is described by the OpenAPI document at `/openapi.json`, which is made from the code.

mod answer;
mod clock;
mod consent;
pub mod door;
mod faults;
mod guard;
pub mod inbox;
mod journal;
mod next;
mod orders;
mod readiness;
pub mod reset;
mod standing;
mod templates;
mod tokens;
mod wait;
mod words;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::{Json, Router, middleware};
use tokio::sync::{Mutex, Notify, Semaphore, watch};
use tokio::task::JoinSet;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::door::Door;
use self::inbox::Inbox;
use self::reset::StartToken;
use crate::faults::Faults;
use crate::folder::Folder;
use crate::journal::Journal;
use crate::listener;
use crate::orders::retention::Retention;
use crate::push::Sender;
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
    /// Wakes the worker that signs.
    pub accepted: Arc<Notify>,
    /// Wakes the push queue.
    pub finished: Arc<Notify>,
    /// The listener's certificate.
    pub identity: Arc<ServerIdentity>,
    /// Deletes what need not be kept any longer.
    pub retention: Arc<Retention>,
    /// Tells when the platform stops.
    pub stop: watch::Receiver<bool>,
    /// What pushes.
    pub sender: Arc<Sender>,
    /// The token that a reset restores: a sandbox's.
    pub token: Option<StartToken>,
    /// Whether the clock may be moved, and things go wrong on purpose.
    pub is_sandbox: bool,
    /// Where this API listens, unless it is a socket.
    pub address: Option<SocketAddr>,
    /// How curl reaches this API.
    pub curl: String,
    /// Held by whoever moves the clock: one at a time.
    pub moving: Mutex<()>,
}

/// The longest body of a call, in bytes. The inbox has a limit of its own.
const MAX_CALL: usize = 1024 * 1024;
/// The longest of a call that holds a template's document.
const MAX_TEMPLATE: usize = 96 * 1024 * 1024;

/// The largest number of connections at a time.
const MAX_CONNECTIONS: usize = 256;
/// How many of them may be held by those who wait for an order: pushes to the inbox, and everybody else, find some that are free.
const MAX_WAITING: usize = 192;

/// What the description says of the whole.
#[derive(OpenApi)]
#[openapi(info(
    title = "wosigndoc-server control",
    description = "Drives the platform: orders and their pushes, tokens, templates, the journal; a sandbox's clock, faults and inbox \
                   too. Times are RFC 3339 in UTC, by the platform's clock. With --control-password each call but pushes to the inbox \
                   answers 401 without it; a foreign Host or Origin is answered 403."
), modifiers(&Password), security((), ("password" = [])))]
struct Description;

/// The way in which the password is given, where there is one.
struct Password;

impl utoipa::Modify for Password {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Basic));
        document.components.get_or_insert_default().add_security_scheme("password", scheme);
    }
}

/// Returns the calls, and what describes them: all of them for a sandbox; otherwise none that moves the clock, forgets orders or has
/// something go wrong.
fn calls(is_sandbox: bool) -> (Router<Arc<Control>>, Document) {
    let calls = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(readiness::lives))
        .routes(routes!(readiness::ready))
        .routes(routes!(readiness::metrics))
        .routes(routes!(orders::list))
        .routes(routes!(orders::show))
        .routes(routes!(orders::document))
        .routes(routes!(orders::body))
        .routes(routes!(orders::push_again))
        .routes(routes!(consent::sign))
        .routes(routes!(consent::decline))
        .routes(routes!(wait::wait))
        .routes(routes!(journal::list))
        .routes(routes!(journal::replay))
        .routes(routes!(templates::list))
        .merge(templates())
        .routes(routes!(templates::document))
        .routes(routes!(templates::companies))
        .routes(routes!(templates::register, templates::forget))
        .routes(routes!(tokens::list, tokens::add))
        .routes(routes!(tokens::change));
    let calls = if is_sandbox { calls.merge(sandbox_calls()) } else { calls };
    calls.split_for_parts()
}

/// Returns the calls about one template, whose bodies may be longer than others'.
fn templates() -> OpenApiRouter<Arc<Control>> {
    OpenApiRouter::new()
        .routes(routes!(templates::show, templates::put, templates::remove))
        .layer(DefaultBodyLimit::max(MAX_TEMPLATE))
}

fn sandbox_calls() -> OpenApiRouter<Arc<Control>> {
    OpenApiRouter::new()
        .routes(routes!(clock::show, clock::change))
        .routes(routes!(reset::reset))
        .routes(routes!(faults::list, faults::order, faults::clear))
        .routes(routes!(faults::take_back))
        .routes(routes!(inbox::take, inbox::list, inbox::answer, inbox::clear))
        .routes(routes!(next::next))
        .routes(routes!(inbox::show))
}

/// Serves the control API until `stop` turns true.
pub async fn serve(door: Door, control: Arc<Control>) {
    let mut stop = control.stop.clone();
    let (router, document) = calls(control.is_sandbox);
    let described = move || std::future::ready(Json(document.clone()));
    let router = router
        .route("/openapi.json", axum::routing::get(described))
        .fallback(answer::unknown)
        .method_not_allowed_fallback(answer::no_method)
        .layer(middleware::from_fn_with_state(Arc::new(Semaphore::new(MAX_WAITING)), guard::let_wait))
        .layer(middleware::from_fn_with_state(door.guard, guard::let_in))
        .layer(DefaultBodyLimit::max(MAX_CALL))
        .with_state(control);
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // Whoever waits for something is not waited for: connections end with this set.
    let mut connections = JoinSet::new();
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, door.listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            Some(_) = connections.join_next() => continue,
            () = stopped(&mut stop) => break,
        };
        match accepted {
            Ok(stream) => {
                let (router, stop) = (router.clone(), stop.clone());
                connections.spawn(async move {
                    listener::http(stream, router, None, stop).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the control API cannot accept a connection");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        }
    }
}
