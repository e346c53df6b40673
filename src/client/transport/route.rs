//! The way to the endpoint: straight, or through the tunnel of a proxy.
//!
//! reqwest's own way through a proxy hides what the proxy answered, and does not reach an IPv6 address. So the tunnel is
//! opened here, where reqwest asks for the endpoint's address: it gets one on this machine, which leads into the tunnel.
//! TLS is still between reqwest and the endpoint. An endpoint that is an address has no name to ask for: it goes by
//! [`STAND_IN`] there, while its certificate is judged by the address.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderValue;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncWriteExt, copy, sink, split};
use tokio::net::{TcpListener, TcpStream};
use url::Host;

use super::lookup;
use super::tunnel::{self, Stream};
use crate::client::config::Config;
use crate::client::proxy::{ProxyServer, authority};
use crate::protocol::{Bilingual, Error, Reason, Result};

/// The name that an endpoint without one goes by on the way through a proxy; no such host can exist (RFC 6761).
const STAND_IN: &str = "endpoint.invalid";

/// Where the endpoint is, and how it is reached.
pub(super) struct Route {
    /// Name or address, without brackets.
    host: String,
    port: u16,
    /// The endpoint as reqwest is told it.
    url: Url,
    judged_as: Option<ServerName<'static>>,
    proxy: Option<ProxyServer>,
    pub(super) user_agent: HeaderValue,
    /// How long a connection may take to come about.
    pub(super) limit: Duration,
}

impl Route {
    /// Finds the way to the configured endpoint.
    pub(super) fn new(config: &Config) -> Result<Route> {
        let endpoint = config.endpoint();
        let host = match endpoint.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            _ => endpoint.host_str().unwrap_or_default().to_owned(),
        };
        let illegal = || {
            let error = Error::new(Reason::BadOption).field("endpoint");
            error.detail("its host is not a legal name", "其主机名不合法")
        };
        let name = ServerName::try_from(host.clone()).map_err(|_| illegal())?;
        let proxy = config.proxy().for_endpoint(endpoint)?;
        let mut url = endpoint.clone();
        let mut judged_as = None;
        if proxy.is_some() {
            // A port would be put in place of the tunnel's.
            url.set_port(None).map_err(|()| illegal())?;
            if matches!(name, ServerName::IpAddress(_)) {
                url.set_host(Some(STAND_IN)).map_err(|_| illegal())?;
                judged_as = Some(name);
            }
        }
        Ok(Route {
            host,
            port: endpoint.port_or_known_default().unwrap_or(443),
            url,
            judged_as,
            proxy,
            user_agent: config.user_agent().clone(),
            limit: config.timeouts().connect,
        })
    }

    /// Returns the endpoint as reqwest is told it: its port, and the name of an address, are the route's to know.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Returns what the endpoint's certificate must be for, where [`Route::url`] does not say it.
    pub(super) fn judged_as(&self) -> Option<ServerName<'static>> {
        self.judged_as.clone()
    }

    /// Returns `host:port` of the endpoint.
    pub(super) fn place(&self) -> String {
        authority(&self.host, self.port)
    }

    /// Returns `host:port` of the proxy on the way, if there is one.
    pub(super) fn proxy(&self) -> Option<String> {
        self.proxy.as_ref().map(ProxyServer::place)
    }

    /// Says that no connection came about in time.
    pub(super) fn timed_out(&self) -> Error {
        let error = Error::new(Reason::ConnectTimeout);
        match self.through() {
            Some(through) => error.detailed(through),
            None => error,
        }
    }

    /// Returns words for the proxy on the way, if there is one.
    pub(super) fn through(&self) -> Option<Bilingual> {
        self.proxy()
            .map(|proxy| Bilingual::new(format!("through the proxy {proxy}"), format!("经由代理 {proxy}")))
    }
}

/// Tells reqwest where to connect to.
pub(super) struct Resolver {
    pub(super) route: Arc<Route>,
    /// For a proxy that speaks TLS itself.
    pub(super) tls: Arc<ClientConfig>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (route, tls) = (Arc::clone(&self.route), Arc::clone(&self.tls));
        Box::pin(async move {
            let Some(proxy) = &route.proxy else {
                let found = lookup::addresses(name.as_str(), 0)
                    .map_err(|error| Error::of_system(Reason::NameNotFound, name.as_str(), &error))?;
                return Ok(Box::new(found.into_iter()) as Addrs);
            };
            let stream = tunnel::open(proxy, &route.place(), &route.user_agent, route.limit, &tls).await?;
            Ok(Box::new(std::iter::once(entrance(stream).await?)) as Addrs)
        })
    }
}

/// Returns an address on this machine that leads into the tunnel, for one connection. Another program that were quicker
/// to take it would reach the endpoint as anybody can, without the client's certificate.
async fn entrance(tunnel: Stream) -> Result<SocketAddr> {
    let cannot = |error| Error::of_system(Reason::ConnectFailed, "127.0.0.1", &error);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    // It goes on by turns with whoever uses the connection, on the same thread.
    tokio::spawn(async move {
        let Ok((taken, _)) = listener.accept().await else { return };
        drop(listener);
        if taken.set_nodelay(true).is_ok() {
            pass_on(taken, tunnel).await;
        }
    });
    Ok(address)
}

/// Passes bytes on in both directions, until nothing more comes out of the tunnel. A platform may answer and close
/// before it has read the whole order: what can no longer be sent is thrown away then, for the answer is still to come.
async fn pass_on(taken: TcpStream, tunnel: Stream) {
    let (mut taken_out, mut taken_in) = taken.into_split();
    let (mut tunnel_out, mut tunnel_in) = split(tunnel);
    let sending = async {
        if copy(&mut taken_out, &mut tunnel_in).await.is_err() {
            drop(copy(&mut taken_out, &mut sink()).await);
        }
        // What fails ends the connection, and is told to those whose request it concerns.
        drop(tunnel_in.shutdown().await);
        std::future::pending::<()>().await;
    };
    let receiving = async {
        drop(copy(&mut tunnel_out, &mut taken_in).await);
        drop(taken_in.shutdown().await);
    };
    tokio::select! {
        () = receiving => {}
        () = sending => {}
    }
}

/// Returns what the `Host` header says for an endpoint: without the port where that is the usual one.
pub(super) fn host_header(endpoint: &Url) -> String {
    let host = endpoint.host_str().unwrap_or_default();
    endpoint.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
