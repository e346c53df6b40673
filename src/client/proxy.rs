//! The proxy setting: none, the environment's, or an HTTP proxy that a tunnel is asked of.

use reqwest::{ClientBuilder, Url};
use zeroize::Zeroizing;

use crate::protocol::{Error, Reason, Result};
use crate::section::Section;

/// Which proxy the connection goes through.
#[derive(Clone)]
pub(super) enum Proxy {
    /// None, whatever the environment says: a library must not surprise its host.
    None,
    /// What HTTPS_PROXY, ALL_PROXY and NO_PROXY say.
    System,
    /// This one; its URL may hold credentials.
    Url(Zeroizing<String>),
}

impl Proxy {
    /// Reads the setting.
    pub(super) fn read(top: &mut Section<'_>) -> Option<Proxy> {
        let Some(text) = top.filled("proxy") else { return Some(Proxy::None) };
        if text.trim() == "system" {
            return Some(Proxy::System);
        }
        let url = Url::parse(text.trim()).ok().filter(|url| url.has_host());
        if url.is_some_and(|url| url.scheme() == "http") {
            return Some(Proxy::Url(text));
        }
        top.wrong("proxy", "must be \"system\" or an http URL", "应为 \"system\" 或 http URL");
        None
    }

    /// Sets it on a client that is being built.
    pub(super) fn apply(&self, builder: ClientBuilder) -> Result<ClientBuilder> {
        match self {
            Proxy::None => Ok(builder.no_proxy()),
            Proxy::System => Ok(builder),
            Proxy::Url(url) => match reqwest::Proxy::all(url.trim()) {
                Ok(proxy) => Ok(builder.proxy(proxy)),
                // The cause would repeat the URL, and with it a password.
                Err(_) => Err(Error::new(Reason::BadOption).field("proxy")),
            },
        }
    }
}
