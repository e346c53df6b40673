//! What a failed request means: which reason it is, and whether the order may have arrived.

use std::error::Error as StdError;
use std::io;

use rustls::Error as TlsError;

use super::tls_failure;
use crate::protocol::{Bilingual, Error, Reason, system};

/// Says why a request got no answer.
pub(super) fn of_request(error: &hyper::Error) -> Error {
    if let Some(failure) = find::<TlsError>(error).and_then(tls_failure::afterwards) {
        return failure;
    }
    if error.is_parse() {
        return Error::new(Reason::AnswerNotProtocol).detail("it is not HTTP", "不是 HTTP").ambiguous();
    }
    Error::new(Reason::ConnectionLost).detailed(words(error)).ambiguous()
}

/// Says why no TLS came about; nothing was sent.
pub(super) fn of_handshake(error: &io::Error) -> Error {
    match find::<TlsError>(error) {
        Some(tls) => tls_failure::in_handshake(tls),
        None => Error::of_system(Reason::ConnectFailed, "", error),
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

/// Returns the words of the innermost cause.
pub(super) fn words(error: &(dyn StdError + 'static)) -> Bilingual {
    if let Some(error) = find::<io::Error>(error).filter(|error| error.raw_os_error().is_some()) {
        return system::words(error);
    }
    let mut last = error;
    while let Some(inner) = wrapped(last).or_else(|| last.source()) {
        last = inner;
    }
    Bilingual::new(last.to_string(), "没有收到完整的应答")
}
