//! The live part of a preflight: orders that must be refused, sent by the library, each of them once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Body, Method};
use rustls::RootCertStore;

use super::super::config::Config;
use super::super::identity::Identity;
use super::super::send::{JSON, read_answer};
use super::super::transport::{Handshake, OrderBody, Pool};
use super::fate::{Fate, Fates};
use super::impossible::{order, unknown_token};
use crate::protocol::{Answer, Result};

/// Sends the orders as long as the answers allow it. The first has a made-up tokenid: unless what answers is a platform,
/// and refuses it, it learns nothing of the caller.
pub(super) fn send(config: &Config, pool: &Pool, roots: RootCertStore, deadline: Instant) -> Fates {
    let tokenid = &config.order_settings().tokenid;
    let made_up = Fate::of(unknown_token().and_then(|tokenid| once(pool, &tokenid, deadline)));
    let mut fates = Fates::default();
    if made_up.goes_on() {
        let other = Fate::of(by_another_certificate(config, roots, deadline));
        if !matches!(other, Fate::Accepted { .. }) {
            fates.unknown_template = Some(Fate::of(once(pool, tokenid, deadline)));
        }
        fates.unknown_certificate = Some(other);
    }
    fates.unknown_token = Some(made_up);
    fates
}

/// Sends the configured tokenid over a connection that shows a certificate made for it.
fn by_another_certificate(config: &Config, roots: RootCertStore, deadline: Instant) -> Result<Answer> {
    let pool = Pool::new(config, &Identity::throwaway()?, roots, Arc::<Handshake>::default())?;
    once(&pool, &config.order_settings().tokenid, deadline)
}

/// Sends one order, and never again: what P-23 says of repeats is for orders that are meant.
fn once(pool: &Pool, tokenid: &str, deadline: Instant) -> Result<Answer> {
    let body = order(tokenid)?;
    let begun = Arc::new(AtomicBool::new(false));
    let length = body.len() as u64;
    let (body, _) = OrderBody::new(body.into(), length, Arc::clone(&begun));
    let driver = pool.take()?;
    let answer = driver.run(async {
        let request = driver.request(Method::POST).header(CONTENT_TYPE, JSON).body(Body::wrap(body));
        let ask = async { read_answer(driver.send(request).await?).await };
        driver.within(deadline, || begun.load(Ordering::Relaxed), ask).await
    })?;
    pool.give_back(driver);
    answer.read()
}
