//! What a failed request means: which reason it is, and whether the order may have arrived.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError, Error as TlsError};

use crate::protocol::{Bilingual, Error, Reason, system};

/// Says why a request got no answer.
pub(super) fn of_request(error: &hyper::Error) -> Error {
    if let Some(failure) = find::<TlsError>(error).and_then(of_tls) {
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
        Some(tls) => of_tls(tls).unwrap_or_else(|| Error::new(Reason::TlsFailed).because(tls)),
        None => Error::of_system(Reason::ConnectFailed, "", error),
    }
}

/// Reads a TLS failure that tells for certain that nothing was accepted; `None` for others.
fn of_tls(error: &TlsError) -> Option<Error> {
    let reason = match error {
        TlsError::InvalidCertificate(certificate) => of_certificate(certificate),
        // In TLS 1.3 the server judges the client's certificate after the client thinks it is connected.
        TlsError::AlertReceived(alert) if judges_certificate(*alert) => {
            let said = format!("{alert:?}");
            return Some(Error::new(Reason::TlsFailed).detail(
                format!("the server refused the client certificate ({said})"),
                format!("服务器拒绝了客户端证书（{said}）"),
            ));
        }
        _ => return None,
    };
    Some(Error::new(reason).because(error))
}

fn of_certificate(error: &CertificateError) -> Reason {
    use CertificateError as C;
    match error {
        C::NotValidForName | C::NotValidForNameContext { .. } => Reason::ServerName,
        C::Expired | C::ExpiredContext { .. } | C::NotValidYet | C::NotValidYetContext { .. } => {
            Reason::ServerExpired
        }
        _ => Reason::ServerUntrusted,
    }
}

fn judges_certificate(alert: AlertDescription) -> bool {
    use AlertDescription as A;
    matches!(
        alert,
        A::BadCertificate
            | A::UnsupportedCertificate
            | A::CertificateRevoked
            | A::CertificateExpired
            | A::CertificateUnknown
            | A::CertificateRequired
            | A::UnknownCA
            | A::AccessDenied
            | A::HandshakeFailure
            | A::DecryptError
    )
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
