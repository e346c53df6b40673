//! The tunnel that a proxy is asked for (`CONNECT`, RFC 9110, 9.3.6), and what it answered when it opens none.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

use super::{failure, lookup, tls_failure};
use crate::client::proxy::ProxyServer;
use crate::protocol::{Bilingual, Error, Reason, Result};

/// Longest head of a proxy's answer.
const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 100;

/// What a tunnel runs over: TCP, or TLS where the proxy itself speaks it.
pub(super) type Stream = Box<dyn ReadWrite>;

/// Both directions of a connection.
pub(super) trait ReadWrite: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ReadWrite for T {}

/// Has a proxy open a tunnel to a target, `host:port`. `limit` is how long all its addresses may take together.
///
/// # Errors
/// `proxy_unreachable`, `proxy_refused` with its HTTP status, `system_resources`.
pub(super) async fn open(
    proxy: &ProxyServer,
    target: &str,
    user_agent: &HeaderValue,
    limit: Duration,
    tls: &Arc<ClientConfig>,
) -> Result<Stream> {
    let place = proxy.place();
    let refused = |en: &str, zh: &str| {
        Error::new(Reason::ProxyRefused).detail(format!("{place}: {en}"), format!("{place}：{zh}"))
    };
    let unheard = || refused("it did not answer in HTTP", "没有返回 HTTP 应答").advise(NO_HTTP_PROXY, true);
    let mut stream = connect(proxy, &place, limit, tls).await?;
    stream.write_all(&request(proxy, target, user_agent)).await.map_err(|_| unheard())?;
    let status = answer(&mut stream).await.ok_or_else(unheard)?;
    if (200..300).contains(&status) {
        return Ok(stream);
    }
    let said = format!("HTTP {status}");
    let (advice, retry) = advice_on(status, target);
    Err(refused(&said, &said).advise(advice, retry))
}

fn request(proxy: &ProxyServer, target: &str, user_agent: &HeaderValue) -> Zeroizing<Vec<u8>> {
    let mut request = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes());
    let mut add = |name: &[u8], value: &HeaderValue| {
        request.extend([name, value.as_bytes(), b"\r\n"].concat());
    };
    add(b"User-Agent: ", user_agent);
    if let Some(value) = &proxy.authorization {
        add(b"Proxy-Authorization: ", value);
    }
    request.extend(b"\r\n");
    request
}

/// Returns the status of the answer that counts: interim ones come before it (RFC 9110, 15.2).
async fn answer(stream: &mut Stream) -> Option<u16> {
    loop {
        let status = head(stream).await?;
        if !(100..200).contains(&status) || status == 101 {
            return Some(status);
        }
    }
}

/// Reads the head of an answer, and no byte of what follows; returns its status.
async fn head(stream: &mut Stream) -> Option<u16> {
    let mut head = Vec::new();
    // A line may also end in a line feed alone (RFC 9112, 2.2).
    while !head.ends_with(b"\n\r\n") && !head.ends_with(b"\n\n") {
        if head.len() == MAX_HEAD {
            return None;
        }
        // Byte by byte: what comes after the head belongs to the endpoint's TLS.
        head.push(stream.read_u8().await.ok()?);
    }
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    match response.parse(&head) {
        // The status stands before the headers, which nobody needs.
        Ok(_) | Err(httparse::Error::TooManyHeaders) => response.code,
        Err(_) => None,
    }
}

/// Connects to the proxy itself.
async fn connect(
    proxy: &ProxyServer,
    place: &str,
    limit: Duration,
    tls: &Arc<ClientConfig>,
) -> Result<Stream> {
    let unreachable = |error: &io::Error| Error::of_system(Reason::ProxyUnreachable, place, error);
    let addresses = lookup::addresses(&proxy.host, proxy.port).map_err(|error| {
        let words = Bilingual::fixed("the host name was not found", "找不到该主机名");
        let error = unreachable(&error);
        let lacking = error.reason() == Reason::SystemResources;
        if lacking { error } else { error.detailed(words.after(place, place)) }
    })?;
    let stream = lookup::connect(&addresses, limit).await.map_err(|error| unreachable(&error))?;
    if !proxy.tls {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(proxy.host.clone());
    let name = name.map_err(|_| Error::new(Reason::ProxyUnreachable).because(place))?;
    let encrypted = TlsConnector::from(Arc::clone(tls)).connect(name, stream).await;
    Ok(Box::new(encrypted.map_err(|error| without_tls(&error, place))?))
}

/// Says why no TLS with the proxy itself came about.
fn without_tls(error: &io::Error, place: &str) -> Error {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let words = tls.map_or_else(
        || failure::words(error, "没有说明原因"),
        |tls| tls_failure::in_handshake(tls).message(),
    );
    Error::new(Reason::ProxyUnreachable).detailed(words.after(place, place)).advise(NO_TLS_PROXY, true)
}

const NO_TLS_PROXY: Bilingual = Bilingual::fixed(
    "check whether TLS is spoken with this proxy itself: most are named by http://, for endpoints of https too",
    "请确认与该代理本身的连接使用 TLS：多数代理以 http:// 指定，接口地址为 https 时也是如此",
);
const NO_HTTP_PROXY: Bilingual = Bilingual::fixed(
    "check that this is the address and port of an HTTP proxy",
    "请确认这是 HTTP 代理的地址和端口",
);

/// Says what to do about a proxy that answered so, and whether it may answer otherwise later.
fn advice_on(status: u16, target: &str) -> (Bilingual, bool) {
    match status {
        407 => (
            Bilingual::fixed(
                "set the proxy's user and password, percent-encoded, as in http://user:password@host:port; only the \
                 Basic way is spoken, not NTLM or Kerberos",
                "请设置代理的用户名和密码（百分号编码），如 http://user:password@host:port；仅支持 Basic 认证，不支持 NTLM 或 Kerberos",
            ),
            false,
        ),
        300..400 => (
            Bilingual::fixed(
                "a proxy that redirects wants somebody to log in first, often in a browser (captive portal)",
                "代理返回重定向，通常表示须先登录（例如在浏览器中完成网络认证）",
            ),
            false,
        ),
        408 | 425 | 429 => (Bilingual::fixed("try again later", "请稍后重试"), true),
        500..600 => (
            Bilingual::new(
                format!("check whether the proxy itself reaches {target}; try again later"),
                format!("请检查代理能否访问 {target}；请稍后重试"),
            ),
            true,
        ),
        _ => (
            Bilingual::new(
                format!("have the proxy's administrator allow CONNECT to {target}"),
                format!("请代理管理员允许 CONNECT 到 {target}"),
            ),
            false,
        ),
    }
}
