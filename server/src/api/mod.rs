//! CreateSignOrder: a request comes in, is judged in the order of P-18, and is on disk before the answer
//! leaves.

mod form;
mod reply;
mod twist;
mod upload;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, Response, StatusCode, header};
use http_body_util::BodyExt;
use tokio::sync::{Notify, Semaphore};
use tracing::{error, info};
use wosigndoc::protocol::{Bilingual, Code, Violation};

use crate::clock;
use crate::faults::{Fault, Stage};
use crate::folder::Folder;
use crate::journal::{self, Entry, Journal, Message};
use crate::orders::accept;
use crate::orders::means::Means;
use crate::orders::refusal::Failure;
use crate::settings::Settings;
use crate::store::{Store, tokens};
use crate::tls::Peer;
use reply::HttpRefusal;

/// The means of the handler of requests.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    folder: Folder,
    store: Store,
    means: Arc<Means>,
    max_body: u64,
    allow_empty_material: bool,
    /// Judging reads whole documents and pictures into memory: few at a time.
    judging: Arc<Semaphore>,
    /// Told when an order was accepted.
    accepted: Arc<Notify>,
    journal: Arc<Journal>,
}

impl Api {
    /// Makes a handler; `accepted` is told of each order.
    pub fn new(
        folder: Folder,
        settings: &Settings,
        store: Store,
        means: Arc<Means>,
        accepted: Arc<Notify>,
        journal: Arc<Journal>,
    ) -> Api {
        Api(Arc::new(Inner {
            folder,
            store,
            means,
            max_body: settings.max_body,
            allow_empty_material: settings.allow_empty_material,
            judging: Arc::new(Semaphore::new(settings.signing_threads())),
            accepted,
            journal,
        }))
    }
}

/// Serves the interface on every path: the action is in the body (P-4).
pub fn router(api: Api) -> Router {
    Router::new().fallback(handle).with_state(api)
}

async fn handle(State(api): State<Api>, request: Request) -> Response<Body> {
    let (at, begun) = (clock::now(), Instant::now());
    let mut entry = Entry::order(clock::shown(at), request.headers());
    let response = answer(&api, request, &mut entry).await;
    entry.took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let bytes = http_body::Body::size_hint(response.body()).exact();
    let (status, headers) = (Some(response.status().as_u16()), journal::headers(response.headers()));
    entry.answer = Some(Message { status, headers, bytes, start: None });
    api.0.journal.note(entry);
    response
}

async fn answer(api: &Api, request: Request, entry: &mut Entry) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<Peer>().cloned().unwrap_or(Peer(None));
    let done = if parts.method == Method::POST {
        order(api, &parts.headers, body, peer, entry).await
    } else {
        Err((
            HttpRefusal::new(StatusCode::METHOD_NOT_ALLOWED, Bilingual::fixed("use POST", "请使用 POST")),
            Some(body),
        ))
    };
    match done {
        Ok(response) => response,
        Err((refusal, rest)) => {
            let violation = &refusal.refusal.violation;
            let (code, field) = (violation.code.number(), violation.field.as_str());
            let order_number = shown(refusal.refusal.order_number.as_deref().unwrap_or_default());
            // In the platform's own words; what is wrong with a name may quote it, and names belong in no log.
            let bare = Violation::new(violation.code, "");
            let told = if field.ends_with("Name") { bare.to_json() } else { violation.to_json() };
            let reason = told.get("message").and_then(|message| message.as_str());
            info!(code, field, reason, order_number, "order refused");
            entry.order_number =
                refusal.refusal.order_number.as_deref().map(|number| shown(number).to_owned());
            entry.error = Some(format!("[{code}] {field}: {}", reason.unwrap_or_default()));
            // Someone who waits for a go-ahead sends nothing more.
            if let (Some(rest), None) = (rest, parts.headers.get(header::EXPECT)) {
                tokio::spawn(drain(rest, api.0.max_body));
            }
            reply::refused(&refusal)
        }
    }
}

type Refused = (HttpRefusal, Option<Body>);

async fn order(
    api: &Api,
    headers: &axum::http::HeaderMap,
    mut body: Body,
    peer: Peer,
    entry: &mut Entry,
) -> Result<Response<Body>, Refused> {
    let incoming = api.0.folder.incoming();
    let keep = registered(api, &peer).await?;
    let upload = match upload::receive(headers, &mut body, &incoming, api.0.max_body, keep).await {
        Ok(upload) => upload,
        Err(refusal) => return Err((refusal, Some(body))),
    };
    let turn = Arc::clone(&api.0.judging).acquire_owned().await;
    let judge = {
        let api = api.clone();
        move || {
            // Held to the end, even if the caller hangs up meanwhile.
            let _turn = turn;
            let Inner { folder, store, means, allow_empty_material, .. } = &*api.0;
            accept::accept(folder, store, means, *allow_empty_material, upload, &peer)
        }
    };
    // A panic over a document that nobody foresaw refuses that document, and nothing else.
    let judged = tokio::task::spawn_blocking(judge).await;
    match judged {
        Ok(Ok(order)) => {
            info!(signid = order.signid, order_number = order.number, "order accepted");
            (entry.order_number, entry.signid) = (Some(order.number.clone()), Some(order.signid.clone()));
            api.0.accepted.notify_one();
            let right = reply::accepted(&order.signid, &order.number);
            Ok(match api.0.means.faults.take(Stage::Answer, &order.token, &order.number) {
                Some(Fault::Answer(fault)) => twist::twist(fault, right).await,
                _ => right,
            })
        }
        Ok(Err(Failure::Lost)) => Ok(twist::lost()),
        Ok(Err(Failure::Refused(refusal))) => Err(((*refusal).into(), None)),
        Ok(Err(Failure::Broken(cause))) => {
            error!(error = format!("{cause:#}"), "an order could not be stored");
            Err((Violation::new(Code::PlatformInternal, "").into(), None))
        }
        Err(panic) => {
            error!(%panic, "judging an order broke down");
            Err((Violation::new(Code::PlatformInternal, "").into(), None))
        }
    }
}

/// Returns whether the caller's key belongs to any token. The documents of one whose key does not are never needed: it
/// will be refused, and cannot fill the disk meanwhile.
async fn registered(api: &Api, peer: &Peer) -> Result<bool, Refused> {
    let Some(key) = peer.0.as_ref().map(|shown| shown.spki.clone()) else { return Ok(false) };
    api.0.store.run(move |db| tokens::registered(db, &key)).await.map_err(|cause| {
        error!(error = format!("{cause:#}"), "the database cannot be read");
        (Violation::new(Code::PlatformInternal, "").into(), None)
    })
}

/// Returns the beginning of a caller's text, as long as a line of the log may be.
fn shown(text: &str) -> &str {
    text.char_indices().nth(100).map_or(text, |(end, _)| text.get(..end).unwrap_or_default())
}

/// Reads on for a while what a refused request still sends: closing at once would lose the answer.
async fn drain(mut body: Body, limit: u64) {
    let reading = async {
        let mut read = 0;
        while let Some(Ok(frame)) = body.frame().await {
            read += frame.data_ref().map_or(0, |data| data.len() as u64);
            if read > limit {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(10), reading).await;
}
