//! One order on its way: tries, answers, and what a repeat may mean.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Body, Method, Response};
use serde::Serialize;
use tokio::time::sleep;

use super::config::Config;
use super::dry_run::prepare;
use super::transport::{Driver, Located, OrderBody, Pool, feed};
use super::tries::Tries;
use crate::protocol::answer::{MAX_ANSWER, printable};
use crate::protocol::fields::Findings;
use crate::protocol::stream::Plan;
use crate::protocol::{Answer, Bilingual, Code, Error, Reason, Result, SignOrder, Warning};

/// What the body is (P-5).
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// Longest call: a larger wish could not even be added to the clock.
pub(super) const MAX_TOTAL: Duration = Duration::from_secs(24 * 3600);

/// What one call may set besides its order.
#[derive(Clone, Copy, Default)]
pub struct CreateOptions<'a> {
    /// The byte ranges that [`DocumentSource::Attachment`](crate::protocol::DocumentSource::Attachment) counts.
    pub attachments: &'a [&'a [u8]],
    /// The time limit of the whole call, in place of the configured one.
    pub timeout: Option<Duration>,
}

/// An order that the platform took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Created {
    /// The platform's opaque id; `None` when only a repeat was answered: the push brings it.
    pub signid: Option<String>,
    /// The caller's own number of the contract.
    #[serde(rename = "orderNumber")]
    pub order_number: String,
    /// True when the platform had the order already from an earlier try of this call.
    pub accepted_before: bool,
    /// How many tries it took.
    pub attempts: u32,
    /// Oddities that stopped nothing, such as a subject that was cut.
    pub warnings: Vec<Warning>,
}

/// Judges, sends, repeats if it must, and reads the answer.
pub(super) fn create(
    config: &Config,
    pool: &Pool,
    order: &SignOrder,
    findings: Findings,
    options: &CreateOptions<'_>,
) -> Result<Created> {
    let (plan, warnings) = prepare(config.order_settings(), order, findings, options.attachments)?;
    let number = order.order_number.clone().unwrap_or_default();
    let total = options.timeout.unwrap_or(config.timeouts().total).min(MAX_TOTAL);
    match attempts(config, pool, &plan, total) {
        Ok((answer, attempts)) => judge(answer, attempts, number, warnings),
        Err(error) => Err(error.warnings(warnings)),
    }
}

/// Tries until there is an answer, or a failure that a repeat cannot or must not mend.
fn attempts(
    config: &Config,
    pool: &Pool,
    plan: &Plan<Located<'_>>,
    total: Duration,
) -> Result<(Answer, u32)> {
    let mut tries = Tries::new(config.retry(), total);
    let mut pause = Duration::ZERO;
    loop {
        let driver = pool.take()?;
        match driver.run(attempt_once(&driver, plan, pause, tries.deadline())) {
            Ok(answered) => {
                pool.give_back(driver);
                return Ok((answered.read()?, tries.attempt()));
            }
            Err(error) => {
                // With it goes a connection whose state nobody knows.
                drop(driver);
                pause = tries.failed(error)?;
            }
        }
    }
}

/// Sends one request and reads its whole answer, within the call's time.
async fn attempt_once(
    driver: &Driver,
    plan: &Plan<Located<'_>>,
    pause: Duration,
    deadline: Instant,
) -> Result<Answered> {
    let begun = Arc::new(AtomicBool::new(false));
    let exchange = async {
        if !pause.is_zero() {
            sleep(pause).await;
        }
        let mut pieces = plan.pieces(Located::supply);
        let first = pieces.next_piece()?.unwrap_or_default();
        let (body, sender) = OrderBody::new(first, plan.content_length(), Arc::clone(&begun));
        let request = driver.request(Method::POST).header(CONTENT_TYPE, JSON).body(Body::wrap(body));
        let answer = async { read_answer(driver.send(request).await?).await };
        let Some(sender) = sender else { return answer.await };
        let feeding = feed(pieces, sender);
        tokio::pin!(answer, feeding);
        // The answer may come before the whole order was sent; feeding goes on until it is read, so that
        // the connection stays in order.
        tokio::select! {
            biased;
            answer = &mut answer => return answer,
            fed = &mut feeding => fed?,
        }
        answer.await
    };
    driver.within(deadline, || begun.load(Ordering::Relaxed), exchange).await
}

/// An answer as HTTP brought it.
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answered {
    /// Reads it by the protocol.
    pub(super) fn read(&self) -> Result<Answer> {
        Answer::read(self.status, &self.body).map_err(|error| match self.headers.get(LOCATION) {
            Some(place) if (300..400).contains(&self.status) => {
                let (status, place) = (self.status, printable(place.as_bytes()));
                error.detail(
                    format!("HTTP {status}, a redirect to {place}, which is not followed"),
                    format!("HTTP {status}，重定向到 {place}，不予跟随"),
                )
            }
            _ => error,
        })
    }
}

/// Reads an answer whole, up to the limit (P-22). One that breaks off after a whole JSON object, as when a server
/// closes without saying how long its answer is, has said all it had to say.
pub(super) async fn read_answer(mut response: Response) -> Result<Answered> {
    let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Ok(None) => return Ok(Answered { status, headers, body }),
            Err(_) if Answer::read(status, &body).is_ok() => {
                return Ok(Answered { status, headers, body });
            }
            Err(_) => {
                return Err(Error::new(Reason::AnswerCut).answer(status, printable(&body)).ambiguous());
            }
        }
        if body.len() > MAX_ANSWER {
            let error = Error::new(Reason::AnswerTooLarge).answer(status, printable(&body));
            return Err(error.ambiguous());
        }
    }
}

/// Judges an answer: taken (P-20), refused (P-21), or known from an earlier try (P-23).
pub(super) fn judge(
    answer: Answer,
    attempts: u32,
    number: String,
    mut warnings: Vec<Warning>,
) -> Result<Created> {
    let known =
        [Code::AlreadySigned, Code::BeingSigned].iter().any(|code| Some(code.number()) == answer.errorcode);
    let accepted_before = attempts > 1 && known;
    if let Some(refusal) = answer.refusal().filter(|_| !accepted_before) {
        let refusal = refusal.warnings(warnings);
        // The platform may look at the balance or the template before it looks for the number: a repeat
        // that it refuses says nothing about the try before.
        return Err(if attempts > 1 { refusal.ambiguous() } else { refusal });
    }
    if answer.order_number.as_ref().is_some_and(|answered| *answered != number) {
        let en = "the platform answered with another orderNumber than was sent";
        let message = Bilingual::new(en, "平台应答的 orderNumber 与发送的不同");
        warnings.push(Warning { word: "order_number_differs", field: "orderNumber".to_owned(), message });
    }
    if let Some(code) = &answer.ignored_errorcode {
        let message = Bilingual::new(
            format!("the order is accepted, although errorcode is {code}"),
            format!("订单已被接受，但 errorcode 为 {code}"),
        );
        warnings.push(Warning { word: "errorcode_ignored", field: "errorcode".to_owned(), message });
    }
    let signid = if accepted_before { None } else { answer.signid };
    Ok(Created { signid, order_number: number, accepted_before, attempts, warnings })
}
