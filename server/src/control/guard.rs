//! Who is let in: programs on this machine, and no web page that a browser on it has open.

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
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
    let host = head.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_host = host.is_some_and(|host| is_ours(host, address));
    let mut origins = head.get_all(header::ORIGIN).iter();
    let is_origin = origins.all(|origin| {
        let host = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        host.is_some_and(|host| is_ours(host, address))
    });
    if is_host && is_origin {
        return Ok(next.run(request).await);
    }
    Err(Refusal::new(
        StatusCode::FORBIDDEN,
        "a foreign Host or Origin: call it by the address that it listens on",
        "Host 或 Origin 并非本机：请使用其监听地址访问",
    ))
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
