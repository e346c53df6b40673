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
    if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        return Error::new(Reason::AnswerNotProtocol).detail("it is not HTTP", "不是 HTTP").ambiguous();
    }
    Error::new(Reason::ConnectionLost).detailed(words(error, "没有收到完整的应答")).ambiguous()
}

/// Says why no connection came about; nothing was sent.
fn of_connect(error: &reqwest::Error, route: &Route) -> Error {
    if error.is_timeout() {
        return route.timed_out();
    }
    if let Some(tls) = find::<TlsError>(error) {
        return tls_failure::in_handshake(tls);
    }
    match find::<io::Error>(error) {
        Some(error) => Error::of_system(Reason::ConnectFailed, route.place(), error),
        None => Error::new(Reason::ConnectFailed).detailed(words(error, "没有说明原因")),
    }
}

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

/// Returns the words of the innermost cause; in Chinese the system's, or these.
fn words(error: &(dyn StdError + 'static), zh: &'static str) -> Bilingual {
    if let Some(error) = find::<io::Error>(error).filter(|error| error.raw_os_error().is_some()) {
        return system::words(error);
    }
    let mut last = error;
    while let Some(inner) = wrapped(last).or_else(|| last.source()) {
        last = inner;
    }
    Bilingual::new(last.to_string(), zh)
}
