//! Who is let in: programs on this machine, and no web page that a browser on it has open.

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::Refusal;

/// Lets a request in that names this listener. A page of another site that drives a browser names its own in `Origin`; one whose
/// name was made to lead here names itself in `Host`.
pub async fn let_in(
    State(address): State<SocketAddr>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let head = request.headers();
    let named = |name: header::HeaderName| head.get(name).and_then(|value| value.to_str().ok());
    let is_host = named(header::HOST).is_some_and(|host| is_ours(host, address));
    let is_origin = named(header::ORIGIN)
        .is_none_or(|origin| origin.strip_prefix("http://").is_some_and(|host| is_ours(host, address)));
    if is_host && is_origin && !has_foreign_origin(head) {
        return Ok(next.run(request).await);
    }
    Err(Refusal::new(
        StatusCode::FORBIDDEN,
        "a foreign Host or Origin: call it by the address that it listens on",
        "Host 或 Origin 并非本机：请使用其监听地址访问",
    ))
}

/// Says whether there is an Origin that cannot be read.
fn has_foreign_origin(head: &HeaderMap) -> bool {
    head.get_all(header::ORIGIN).iter().any(|origin| origin.to_str().is_err())
}

fn is_ours(host: &str, address: SocketAddr) -> bool {
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
}
