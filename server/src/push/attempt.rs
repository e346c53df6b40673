//! One try to hand a document over.

use std::error::Error as _;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, redirect};
use rustls::ClientConfig;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use tracing::warn;
use wosigndoc::credentials::Purpose;
use wosigndoc::protocol::Code;
use wosigndoc::protocol::answer::printable;
use wosigndoc::protocol::push;
use wosigndoc::protocol::stream::Plan;

use super::body::{DocumentFile, Progress, PushBody};
use super::twist;
use crate::faults::Push;
use crate::folder::{self, Folder};
use crate::given;
use crate::journal::{self, Message};
use crate::settings::Settings;
use crate::store::pushes::{Due, Pushed};
use crate::tls;

/// The longest time in which no byte of a try moves, either way (P-34); what lies in buffers may be moving.
const STALL_TIMEOUT: Duration = Duration::from_secs(15);
/// The longest time that a try may take, however slowly its bytes move.
const MAX_DURATION: Duration = Duration::from_secs(3600);
/// The largest part of an answer that is read, in bytes. One is enough.
const MAX_ANSWER: usize = 64;

/// The means of every try.
pub struct Sender {
    means: RwLock<Means>,
    files: CallbackFiles,
    http_callbacks: bool,
}

/// What callbacks are asked with.
struct Means {
    client: Client,
    /// What is shown to those that ask for a certificate.
    shown: Option<Arc<CertifiedKey>>,
}

/// The files that settings name for callbacks.
struct CallbackFiles {
    ca: Option<PathBuf>,
    identity: Option<PathBuf>,
}

impl Sender {
    /// Makes a sender, with the certificates that the settings name.
    pub fn new(settings: &Settings) -> Result<Sender> {
        let files =
            CallbackFiles { ca: settings.callback_ca.clone(), identity: settings.callback_identity.clone() };
        let means = RwLock::new(files.read(None)?);
        Ok(Sender { means, files, http_callbacks: settings.http_callbacks })
    }

    /// Reads the certificates anew, the system's too. Tries under way go on with those they began with; so do all where
    /// this fails.
    pub fn reload(&self) -> Result<()> {
        let shown = self.means.read().unwrap_or_else(PoisonError::into_inner).shown.clone();
        let means = self.files.read(shown)?;
        *self.means.write().unwrap_or_else(PoisonError::into_inner) = means;
        Ok(())
    }

    fn client(&self) -> Client {
        self.means.read().unwrap_or_else(PoisonError::into_inner).client.clone()
    }
}

impl CallbackFiles {
    /// Reads them. A certificate that is out of its time keeps no platform from starting, since most callbacks ask for none;
    /// but it does not replace another, `shown`.
    fn read(&self, shown: Option<Arc<CertifiedKey>>) -> Result<Means> {
        let Some(path) = &self.identity else {
            return Ok(Means { client: client(self, None)?, shown: None });
        };
        let given = given::pair(path, Purpose::Client)?;
        let certified = given.certified();
        if let Err(fault) = given.check_time() {
            let (file, fault) = (path.display(), fault.message().en);
            ensure!(shown.is_none_or(|shown| shown.cert == certified.cert), "{file}: {fault}");
            warn!(
                %file, %fault,
                "callbacks that ask for a certificate will refuse this one: replace the file, then reload (SIGHUP) or restart"
            );
        }
        Ok(Means { client: client(self, Some(&certified))?, shown: Some(certified) })
    }
}

/// Returns a client that pushes: certificates verified, redirects not followed (P-34, P-36).
fn client(files: &CallbackFiles, shown: Option<&Arc<CertifiedKey>>) -> Result<Client> {
    let roots = given::roots(files.ca.as_deref())?;
    let config = ClientConfig::builder_with_provider(tls::provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let config = match shown {
        None => config.with_no_client_auth(),
        Some(shown) => config.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(shown)))),
    };
    let client = Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .http1_only()
        // A connection kept from an earlier push may be dead by the next, and a streamed body is sent once.
        .pool_max_idle_per_host(0)
        .connect_timeout(STALL_TIMEOUT)
        .user_agent(concat!("wosigndoc-server/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(client)
}

/// What came of a try.
pub struct Tried {
    /// The error is the reason why it is not acknowledged.
    pub result: Result<(), String>,
    /// The length of the body that was sent, where it came so far.
    pub sent: Option<u64>,
    /// The answer, if one came.
    pub answer: Option<Message>,
}

/// Tries once; `fault` is what goes wrong on purpose.
pub async fn attempt(sender: &Sender, folder: &Folder, due: &Due, fault: Option<Push>) -> Tried {
    let mut tried = Tried { result: Ok(()), sent: None, answer: None };
    tried.result = exchange(sender, folder, due, fault, &mut tried).await;
    tried
}

async fn exchange(
    sender: &Sender,
    folder: &Folder,
    due: &Due,
    fault: Option<Push>,
    tried: &mut Tried,
) -> Result<(), String> {
    // What was registered may have been allowed then. The URL, which may hold a secret, is left out.
    let callback = super::callback(&due.callback, sender.http_callbacks)
        .map_err(|_| "plain http to this callback is not allowed (http_callbacks)")?;
    let progress = Progress::new();
    let body = body(folder, due, fault, &progress).map_err(|cause| format!("{cause:#}"))?;
    tried.sent = http_body::Body::size_hint(&body).exact();
    let exchange = async {
        let request =
            sender.client().post(callback).header(CONTENT_TYPE, "application/json; charset=utf-8").body(body);
        let response = request.send().await.map_err(describe)?;
        progress.answered();
        let head = Message {
            status: Some(response.status().as_u16()),
            headers: journal::headers(response.headers()),
            bytes: response.content_length(),
            start: None,
        };
        let head = tried.answer.insert(head);
        judge(response, &progress, &mut head.start).await
    };
    tokio::select! {
        done = exchange => done,
        idle = progress.stalled(STALL_TIMEOUT) => Err(format!("no byte moved for {} s", idle.as_secs())),
        () = tokio::time::sleep(MAX_DURATION) => Err("it took more than an hour".to_owned()),
    }
}

/// Reads the answer, as far as it can matter, and judges it (P-30).
async fn judge(
    mut response: Response,
    progress: &Progress,
    shown: &mut Option<String>,
) -> Result<(), String> {
    let mut answer = Vec::new();
    while answer.len() <= MAX_ANSWER {
        match response.chunk().await.map_err(describe)? {
            Some(piece) => answer.extend_from_slice(&piece),
            None => break,
        }
        progress.moved();
    }
    let answer = answer.get(..MAX_ANSWER).unwrap_or(&answer);
    *shown = Some(printable(answer));
    push::acknowledged(response.status().as_u16(), answer).map_err(|why| {
        let start = if answer.is_empty() { "nothing".to_owned() } else { printable(answer) };
        let redirect = if response.status().is_redirection() { "; redirects are not followed" } else { "" };
        format!("{}{redirect}: {start}", why.en)
    })
}

/// Returns the whole chain of causes; the URL, which may hold a secret, is left out.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// Returns the body to be sent: streamed, or, where something is wrong with it on purpose, from memory.
fn body(folder: &Folder, due: &Due, fault: Option<Push>, progress: &Progress) -> Result<reqwest::Body> {
    let order = &due.order;
    match fault {
        Some(fault) if !fault.is_about_time() => {
            let other = due.other.as_ref().map(|signid| fs::read(folder.order(signid).join(folder::SIGNED)));
            let other = other.transpose().context("the other order's document cannot be read")?;
            twist::twist(fault, whole_body(folder, order)?, other.as_deref())
        }
        _ => Ok(reqwest::Body::wrap(PushBody::new(plan(folder, order)?, progress.clone()))),
    }
}

/// Lays the body out by the protocol's table; the hash is what it was when the document was signed.
fn plan(folder: &Folder, order: &Pushed) -> Result<Plan<DocumentFile>> {
    let Some((sha256, length)) = &order.document else {
        let code = order.errorcode.unwrap_or(Code::PlatformInternal.number());
        return Ok(push::failed(&order.signid, &order.number, &[code]));
    };
    let path = folder.order(&order.signid).join(folder::SIGNED);
    let file = File::open(&path).context("the signed document cannot be read")?;
    if file.metadata()?.len() != *length {
        bail!("the signed document is not as long as it was");
    }
    Ok(push::signed(&order.signid, &order.number, DocumentFile::new(file), *length, sha256))
}

/// Returns the whole body of a push.
pub fn whole_body(folder: &Folder, order: &Pushed) -> Result<Vec<u8>> {
    let plan = plan(folder, order)?;
    let mut body = Vec::with_capacity(usize::try_from(plan.content_length())?);
    let mut pieces = plan.into_pieces();
    while let Some(piece) = pieces.next_piece()? {
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
