//! One try to hand a document over.

use std::fs::{self, File};

use anyhow::{Context, Result, bail};
use reqwest::header::CONTENT_TYPE;
use wosigndoc::protocol::Code;
use wosigndoc::protocol::answer::printable;
use wosigndoc::protocol::push;
use wosigndoc::protocol::stream::Plan;

use super::body::{DocumentFile, Progress, PushBody};
use super::call::{Called, MAX_ANSWER, MAX_DURATION, call};
use super::sender::Sender;
use super::twist;
use crate::faults::Push;
use crate::folder::{self, Folder};
use crate::journal::{self, Message};
use crate::store::pushes::{Due, Pushed};

/// What a push says that its body is.
pub const JSON: &str = "application/json; charset=utf-8";

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
    let callback = super::callback(&due.callback, sender.allows_http())
        .map_err(|_| "plain http to this callback is not allowed (http_callbacks)")?;
    let progress = Progress::new();
    let body = body(folder, due, fault, &progress).map_err(|cause| format!("{cause:#}"))?;
    tried.sent = http_body::Body::size_hint(&body).exact();
    let request = sender.client().post(callback).header(CONTENT_TYPE, JSON).body(body);
    let called = call(request, &progress, MAX_ANSWER, MAX_DURATION).await;
    tried.answer = message(&called);
    called.judge().map_err(|why| why.en.into_owned())
}

/// Returns the answer as the journal has it.
fn message(called: &Called) -> Option<Message> {
    let answer = called.answer.as_ref()?;
    Some(Message {
        status: Some(answer.status),
        headers: journal::headers(&answer.headers),
        bytes: answer.length,
        start: called.failure.is_none().then(|| printable(&answer.start)),
    })
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
