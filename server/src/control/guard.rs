//! Who is let in: programs on this machine, and no web page that a browser on it has open.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::answer::Refusal;
use super::inbox;

/// What is asked of whoever comes.
#[derive(Clone)]
pub struct Guard {
    /// The address that it is reached by; none for a socket, which no browser opens.
    pub address: Option<SocketAddr>,
    /// The password, where there is one.
    pub password: Option<String>,
}

/// Lets a request in that names this listener, and its password. A page of another site that drives a browser names its own in
/// `Origin`; one whose name was made to lead here names itself in `Host`.
pub async fn let_in(State(guard): State<Guard>, request: Request, next: Next) -> Result<Response, Refusal> {
    let head = request.headers();
    let is_here = |host: &str| guard.address.is_some_and(|address| is_ours(host, address));
    let mut hosts = head.get_all(header::HOST).iter();
    let is_named = head.contains_key(header::HOST) && hosts.all(|host| host.to_str().is_ok_and(is_here));
    let is_host = guard.address.is_none() || is_named;
    let mut origins = head.get_all(header::ORIGIN).iter();
    let is_origin = origins.all(|origin| {
        let host = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        host.is_some_and(is_here)
    });
    if !is_host || !is_origin {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "a foreign Host or Origin: call it by the address that it listens on",
            "Host 或 Origin 并非本机：请使用其监听地址访问",
        ));
    }
    // A site's callback knows no password: the inbox takes pushes from anybody.
    let is_push = request.method() == Method::POST && request.uri().path() == inbox::PATH;
    match &guard.password {
        Some(password) if !is_push && !is_given(head, password) => {
            let refusal = Refusal::new(
                StatusCode::UNAUTHORIZED,
                "the password is missing or wrong: give that of --control-password by HTTP Basic authentication",
                "缺少密码或密码错误：请通过 HTTP Basic 认证提供 --control-password 的密码",
            );
            Ok(([(header::WWW_AUTHENTICATE, "Basic realm=\"wosigndoc-server\"")], refusal).into_response())
        }
        _ => Ok(next.run(request).await),
    }
}

/// The calls that wait.
const WAITING: [&str; 2] = ["/wait", "/inbox/next"];

/// Lets a call that waits in as long as it finds a place among them, and every other.
pub async fn let_wait(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    if !WAITING.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let Ok(_place) = places.try_acquire() else {
        let refusal = Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many calls wait at a time: try again when one of them has ended",
            "同时等待的请求过多：请在其中之一结束后重试",
        );
        return refusal.into_response();
    };
    next.run(request).await
}

/// Whether the password is given. Hashes are compared, so that the time tells nothing of it.
fn is_given(head: &HeaderMap, password: &str) -> bool {
    let value = head.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, rest) = value.split_once(' ').unwrap_or_default();
    let text = STANDARD.decode(rest.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"));
    let text = text.and_then(|text| String::from_utf8(text).ok()).unwrap_or_default();
    let given = text.split_once(':').map(|(_, given)| given);
    given.is_some_and(|given| Sha256::digest(given) == Sha256::digest(password))
}

/// Whether a host and its port lead to this address.
pub fn is_ours(host: &str, address: SocketAddr) -> bool {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    let is_name = matches!(name, "localhost" | "127.0.0.1" | "[::1]") || name == address.ip().to_string();
    is_name && port == address.port().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_itself() {
        let address = SocketAddr::from(([127, 0, 0, 1], 9001));
        for ours in ["127.0.0.1:9001", "localhost:9001", "[::1]:9001"] {
            assert!(is_ours(ours, address), "{ours}");
        }
        for foreign in
            ["shop.example:9001", "127.0.0.1", "127.0.0.1:9002", "localhost.evil.example:9001", "null", ""]
        {
            assert!(!is_ours(foreign, address), "{foreign}");
        }
    }
    #[test]
    fn asks_for_the_password() {
        let given = |value: &str| {
            let mut head = HeaderMap::new();
            head.insert(header::AUTHORIZATION, value.parse().unwrap());
            is_given(&head, "correct horse")
        };
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        assert!(
            given(&basic("anybody:correct horse"))
                && given(&basic(":correct horse").replace("Basic", "basic"))
        );
        for wrong in [&basic("x:correct"), &basic("correct horse"), "Bearer correct horse", "Basic %", ""] {
            assert!(!given(wrong), "{wrong}");
        }
        assert!(!is_given(&HeaderMap::new(), ""), "there is no empty password");
    }
}
