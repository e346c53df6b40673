//! The way to the endpoint: TCP, through a proxy's tunnel where one is set, then TLS, then HTTP/1.1.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HOST, HeaderValue, PROXY_AUTHORIZATION, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::body::OrderBody;
use super::failure::{of_handshake, words};
use super::tcp::{self, Fault};
use super::tls::without_identity;
use crate::client::config::Config;
use crate::client::proxy::ProxyServer;
use crate::protocol::{Bilingual, Error, Reason, Result};

/// What a connection runs over: TCP, TLS, a tunnel, in any order. One type for all of them keeps one copy of what
/// speaks HTTP over it.
type Stream = Box<dyn ReadWrite>;

trait ReadWrite: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ReadWrite for T {}

/// Sends requests on one connection.
pub(super) type Sender = SendRequest<OrderBody>;

/// Where the endpoint is, and how it is reached.
pub(super) struct Route {
    /// Name or address, without brackets.
    host: String,
    port: u16,
    name: ServerName<'static>,
    proxy: Option<ProxyServer>,
    user_agent: HeaderValue,
    limit: Duration,
}

impl Route {
    /// Finds the way to the configured endpoint.
    pub(super) fn new(config: &Config) -> Result<Route> {
        let endpoint = config.endpoint();
        let host = match endpoint.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            _ => endpoint.host_str().unwrap_or_default().to_owned(),
        };
        let name = ServerName::try_from(host.clone()).map_err(|_| {
            let error = Error::new(Reason::BadOption).field("endpoint");
            error.detail("its host is not a legal name", "其主机名不合法")
        })?;
        let user_agent = HeaderValue::from_str(config.user_agent());
        Ok(Route {
            host,
            port: endpoint.port_or_known_default().unwrap_or(443),
            name,
            proxy: config.proxy().for_endpoint(endpoint)?,
            user_agent: user_agent.map_err(|_| Error::new(Reason::BadOption).field("user_agent"))?,
            limit: config.timeouts().connect,
        })
    }

    /// Returns `host:port` of the proxy on the way, if there is one.
    pub(super) fn proxy(&self) -> Option<String> {
        self.proxy.as_ref().map(|proxy| authority(&proxy.host, proxy.port))
    }

    /// Opens a connection, within the time for that.
    pub(super) async fn open(&self, tls: &Arc<ClientConfig>) -> Result<Sender> {
        timeout(self.limit, self.connect(tls)).await.unwrap_or_else(|_| {
            let error = Error::new(Reason::ConnectTimeout);
            Err(match self.proxy() {
                Some(proxy) => {
                    error.detail(format!("through the proxy {proxy}"), format!("经由代理 {proxy}"))
                }
                None => error,
            })
        })
    }

    async fn connect(&self, tls: &Arc<ClientConfig>) -> Result<Sender> {
        let stream = match &self.proxy {
            None => match tcp::connect(&self.host, self.port, self.limit).await {
                Ok(stream) => Box::new(stream) as Stream,
                Err(Fault::Name(error)) => {
                    return Err(Error::of_system(Reason::NameNotFound, &self.host, &error));
                }
                Err(Fault::Connection(error)) => {
                    let place = authority(&self.host, self.port);
                    return Err(Error::of_system(Reason::ConnectFailed, place, &error));
                }
            },
            Some(proxy) => self.tunnel(proxy, tls).await?,
        };
        let stream = encrypt(stream, tls, &self.name).await.map_err(|error| of_handshake(&error))?;
        speak(stream).await.map_err(|error| Error::new(Reason::ConnectFailed).detailed(words(&error)))
    }

    /// Has a proxy open a tunnel.
    async fn tunnel(&self, proxy: &ProxyServer, tls: &Arc<ClientConfig>) -> Result<Stream> {
        let place = authority(&proxy.host, proxy.port);
        let unreachable = |error: &io::Error| Error::of_system(Reason::ProxyUnreachable, &place, error);
        let mut stream: Stream = match tcp::connect(&proxy.host, proxy.port, self.limit).await {
            Ok(stream) => Box::new(stream),
            Err(Fault::Name(error)) => {
                let words = Bilingual::fixed("the host name was not found", "找不到该主机名");
                let error = unreachable(&error);
                let lacking = error.reason() == Reason::SystemResources;
                return Err(if lacking { error } else { error.detailed(words.after(&place, &place)) });
            }
            Err(Fault::Connection(error)) => return Err(unreachable(&error)),
        };
        if proxy.tls {
            let name = ServerName::try_from(proxy.host.clone());
            let name = name.map_err(|_| Error::new(Reason::ProxyUnreachable).because(&place))?;
            let tls = Arc::new(without_identity(tls));
            stream = encrypt(stream, &tls, &name).await.map_err(|error| unreachable(&error))?;
        }
        self.ask(proxy, &place, stream).await
    }

    async fn ask(&self, proxy: &ProxyServer, place: &str, stream: Stream) -> Result<Stream> {
        let refused = |en: &str, zh: &str| {
            Error::new(Reason::ProxyRefused).detail(format!("{place}: {en}"), format!("{place}：{zh}"))
        };
        let unheard = |_: hyper::Error| {
            refused("it did not answer in HTTP", "没有返回 HTTP 应答").advise(NO_HTTP_PROXY, true)
        };
        let target = authority(&self.host, self.port);
        let request = Request::builder()
            .method(Method::CONNECT)
            .uri(&target)
            .header(HOST, &target)
            .header(USER_AGENT, &self.user_agent);
        let request = match &proxy.authorization {
            Some(value) => request.header(PROXY_AUTHORIZATION, value),
            None => request,
        };
        let request = request.body(OrderBody::none()).map_err(|_| Error::new(Reason::Defect))?;
        let mut sender = speak(stream).await.map_err(unheard)?;
        let response = sender.send_request(request).await.map_err(unheard)?;
        let status = response.status();
        if !status.is_success() {
            let said = format!("HTTP {}", status.as_u16());
            let (advice, retry) = advice_on(status, &target);
            return Err(refused(&said, &said).advise(advice, retry));
        }
        let tunnel = hyper::upgrade::on(response).await.map_err(unheard)?;
        Ok(Box::new(TokioIo::new(tunnel)))
    }
}

const NO_HTTP_PROXY: Bilingual = Bilingual::fixed(
    "check that this is the address and port of an HTTP proxy",
    "请确认这是 HTTP 代理的地址和端口",
);

/// Says what to do about a proxy that answered so, and whether it may answer otherwise later.
fn advice_on(status: StatusCode, target: &str) -> (Bilingual, bool) {
    match status.as_u16() {
        407 => (
            Bilingual::fixed(
                "set the proxy's user and password, percent-encoded, as in http://user:password@host:port; only the \
                 Basic way is spoken, not NTLM or Kerberos",
                "请设置代理的用户名和密码（百分号编码），如 http://user:password@host:port；仅支持 Basic 认证，不支持 NTLM 或 Kerberos",
            ),
            false,
        ),
        500.. => (
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

async fn encrypt(stream: Stream, tls: &Arc<ClientConfig>, name: &ServerName<'static>) -> io::Result<Stream> {
    let encrypted = TlsConnector::from(Arc::clone(tls)).connect(name.clone(), stream).await?;
    Ok(Box::new(encrypted))
}

/// Begins to speak HTTP. The connection itself goes on by turns with whoever uses it, on the same thread.
async fn speak(stream: Stream) -> hyper::Result<Sender> {
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // Its failures are told to those whose request they concern.
    tokio::spawn(async { drop(connection.with_upgrades().await) });
    Ok(sender)
}

/// Returns `host:port`, an IPv6 address in brackets.
fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Returns what the `Host` header says for an endpoint: without the port where that is the usual one.
pub(super) fn host_header(endpoint: &Url) -> String {
    let host = endpoint.host_str().unwrap_or_default();
    endpoint.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
