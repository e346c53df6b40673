//! What a failed request means: which reason it is, and whether the order may have arrived.

use std::error::Error as StdError;
use std::io;

use rustls::Error as TlsError;

use super::route::Route;
use super::tls_failure;
use crate::protocol::{Bilingual, Error, Reason, system};

/// Says why a request got no answer.
pub(super) fn of_request(error: &reqwest::Error, route: &Route) -> Error {
    // The route has said it itself: the name was not found, the proxy opened no tunnel.
    if let Some(told) = find::<Error>(error) {
        return told.clone();
    }
    if error.is_connect() {
        return of_connect(error, route);
    }
    if let Some(failure) = find::<TlsError>(error).and_then(tls_failure::afterwards) {
        return failure;
    }
    // hyper tells its client no more than that.
    if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        return Error::new(Reason::AnswerNotProtocol)
            .detail("it is not HTTP, or its headers are too long", "不是 HTTP，或应答头过长")
            .ambiguous();
    }
    Error::new(Reason::ConnectionLost).detailed(words(error, "没有收到完整的应答")).ambiguous()
}

/// Says why no connection came about; nothing was sent.
fn of_connect(error: &reqwest::Error, route: &Route) -> Error {
    if error.is_timeout() {
        return route.timed_out();
    }
    if let Some(tls) = find::<TlsError>(error) {
        let failure = tls_failure::in_handshake(tls);
        return match (tls, route.through()) {
            (TlsError::InvalidMessage(_), Some(through)) => {
                failure.detailed(NO_TLS.after(through.en, through.zh)).advise(LET_TLS_PASS, false)
            }
            _ => failure,
        };
    }
    let (place, cause) = (route.place(), innermost(error));
    if let Some(error) = cause.filter(|error| error.raw_os_error().is_some()) {
        return Error::of_system(Reason::ConnectFailed, place, error);
    }
    let closed = cause.is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof);
    let words = if closed { CLOSED_EARLY } else { words(error, "没有说明原因") };
    let failure = Error::new(Reason::ConnectFailed);
    match route.through() {
        Some(Bilingual { en, zh }) => failure
            .detailed(words.after(format!("{place}, {en}"), format!("{place}，{zh}")))
            .advise(ASK_PROXY, true),
        None => failure.detailed(words.after(&place, &place)),
    }
}

const NO_TLS: Bilingual = Bilingual::fixed(
    "what answers there does not speak TLS: perhaps the proxy itself, in plain HTTP",
    "对方使用的不是 TLS，可能是代理自身的明文 HTTP",
);
const LET_TLS_PASS: Bilingual = Bilingual::fixed(
    "check the endpoint's port, and have the proxy's administrator let TLS to it pass unchanged",
    "请检查接口地址的端口，并请代理管理员原样放行到该地址的 TLS",
);
const CLOSED_EARLY: Bilingual =
    Bilingual::fixed("the connection was closed in the TLS handshake", "连接在 TLS 握手期间被关闭");
const CLOSED: Bilingual = Bilingual::fixed("it was closed", "连接被关闭");
const ASK_PROXY: Bilingual = Bilingual::fixed(
    "check whether the proxy itself reaches the endpoint, and lets TLS to it pass",
    "请检查代理能否访问接口地址，以及是否放行到该地址的 TLS",
);

/// Finds the first error of a type in the chain of causes. An I/O error hides what it wraps from `source`.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = wrapped(error).or_else(|| error.source());
    }
    None
}

fn wrapped<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let inner = error.downcast_ref::<io::Error>()?.get_ref()?;
    Some(inner)
}

/// Finds the innermost I/O error: those around it say less.
fn innermost<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a io::Error> {
    let mut found = find::<io::Error>(error)?;
    while let Some(inner) = wrapped(found).and_then(find::<io::Error>) {
        found = inner;
    }
    Some(found)
}

/// Returns the words of the innermost cause; in Chinese the system's, or these.
pub(super) fn words(error: &(dyn StdError + 'static), zh: &'static str) -> Bilingual {
    let cause = innermost(error);
    if let Some(error) = cause.filter(|error| error.raw_os_error().is_some()) {
        return system::words(error);
    }
    // rustls adds an address for programmers here.
    if cause.is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof) {
        return CLOSED;
    }
    let mut last = error;
    while let Some(inner) = wrapped(last).or_else(|| last.source()) {
        last = inner;
    }
    Bilingual::new(last.to_string(), zh)
}
