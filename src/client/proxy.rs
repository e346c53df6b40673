//! The proxy setting: none, the environment's, or an HTTP proxy that a tunnel is asked of.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use reqwest::header::HeaderValue;
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::protocol::{Bilingual, Error, Reason, Result};
use crate::section::Section;

/// Which proxy the connection goes through.
pub(super) enum Proxy {
    /// None, whatever the environment says: a library must not surprise its host.
    None,
    /// What HTTPS_PROXY, ALL_PROXY and NO_PROXY say.
    System,
    /// This one.
    Server(ProxyServer),
}

/// A proxy that connections go through.
#[derive(Clone)]
pub(super) struct ProxyServer {
    /// Whether TLS is spoken with the proxy itself.
    pub(super) tls: bool,
    /// Its name or address, without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// What it gets in `Proxy-Authorization`.
    pub(super) authorization: Option<HeaderValue>,
}

impl ProxyServer {
    /// Returns its `host:port`.
    pub(super) fn place(&self) -> String {
        authority(&self.host, self.port)
    }
}

/// Returns `host:port`, an IPv6 address in brackets.
pub(super) fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

const NOT_ENCODED: Bilingual = Bilingual::fixed(
    "write # as %23, ? as %3F, / as %2F, \\ as %5C, @ as %40 and % as %25 in the user and the password; nothing may \
     follow the port",
    "用户名和密码须百分号编码，如 # 写作 %23、@ 写作 %40、% 写作 %25；端口之后不应有其他内容",
);

const NO_SCHEME: Bilingual =
    Bilingual::fixed("must be \"system\" or an http or https URL", "应为 \"system\" 或 http、https URL");

impl Proxy {
    /// Reads the setting.
    pub(super) fn read(top: &mut Section<'_>) -> Option<Proxy> {
        let Some(text) = top.filled("proxy") else { return Some(Proxy::None) };
        let text = text.trim();
        if text == "system" {
            return Some(Proxy::System);
        }
        match server(text) {
            Ok(server) => Some(Proxy::Server(server)),
            Err(words) => {
                top.wrong("proxy", words.en, words.zh);
                None
            }
        }
    }

    /// Returns the proxy that connections to this endpoint go through, if any.
    pub(super) fn for_endpoint(&self, endpoint: &Url) -> Result<Option<ProxyServer>> {
        match self {
            Proxy::None => Ok(None),
            Proxy::System => of_environment(endpoint),
            Proxy::Server(server) => Ok(Some(server.clone())),
        }
    }
}

/// Reads what the environment says, as curl does.
fn of_environment(endpoint: &Url) -> Result<Option<ProxyServer>> {
    // A web server gives programs of a request such variables, some of them as the caller likes.
    if std::env::var_os("REQUEST_METHOD").is_some() {
        return Ok(None);
    }
    let value = |name| Some((name, Zeroizing::new(std::env::var(name).ok()?)));
    let set =
        |upper, lower| value(upper).or_else(|| value(lower)).filter(|(_, text)| !text.trim().is_empty());
    let Some((name, text)) = set("HTTPS_PROXY", "https_proxy").or_else(|| set("ALL_PROXY", "all_proxy"))
    else {
        return Ok(None);
    };
    let excepted = value("NO_PROXY").or_else(|| value("no_proxy")).unwrap_or_default().1;
    if is_excepted(&excepted, endpoint) {
        return Ok(None);
    }
    let server = server(text.trim());
    server.map(Some).map_err(|words| Error::new(Reason::BadOption).field(name).detailed(words))
}

/// Tells whether a list such as `localhost,.example.org,10.0.0.0/8` names the endpoint. Names are written in it in more
/// ways than the matcher knows: after blanks, in brackets, with a star, a last dot or a port.
fn is_excepted(list: &str, endpoint: &Url) -> bool {
    let port = endpoint.port_or_known_default().map(|port| port.to_string());
    let mut names = Vec::new();
    for entry in list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty()) {
        let (name, of_port) = match (entry.strip_prefix('['), entry.rsplit_once(':')) {
            (Some(rest), _) => rest.split_once(']').map_or((rest, ""), |(name, port)| (name, port)),
            (None, Some((name, port))) if !name.contains(':') => (name, port),
            _ => (entry, ""),
        };
        let of_port = of_port.trim_start_matches(':');
        if !of_port.is_empty() && port.as_deref() != Some(of_port) {
            continue;
        }
        if name == "*" {
            return true;
        }
        names.push(name.strip_prefix('*').unwrap_or(name).trim_end_matches('.'));
    }
    let matcher = Matcher::builder().https("http://proxy").no(names.join(",").as_str()).build();
    let mut endpoint = endpoint.clone();
    let host = endpoint.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
    endpoint.set_host(Some(&host)).is_ok()
        && endpoint.as_str().parse().is_ok_and(|endpoint| matcher.intercept(&endpoint).is_none())
}

/// Reads a proxy's URL, whose scheme may be missing. A character that other readers take for the end of the password would make the
/// rest of it the name of a host, which is then asked for, and shown.
fn server(text: &str) -> Result<ProxyServer, Bilingual> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    let tls = scheme.eq_ignore_ascii_case("https");
    if !tls && !scheme.eq_ignore_ascii_case("http") {
        return Err(NO_SCHEME);
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let raw = |c: char| matches!(c, '#' | '?' | '/' | '\\') || c.is_control();
    let percent = rest.match_indices('%').all(|(at, _)| {
        let digits = rest.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if rest.contains(raw) || rest.matches('@').count() > 1 || !percent {
        return Err(NOT_ENCODED);
    }
    let url = Zeroizing::new(format!("{scheme}://{rest}"));
    let unreadable = || Bilingual::fixed("it cannot be read as a URL", "无法解析为 URL");
    let url = Url::parse(&url).map_err(|_| unreadable())?;
    let host = match url.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => address.to_string(),
        None => return Err(unreadable()),
    };
    let port = url.port_or_known_default().ok_or_else(unreadable)?;
    Ok(ProxyServer { tls, host, port, authorization: authorization(&url) })
}

fn authorization(url: &Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut pair: Zeroizing<Vec<u8>> = Zeroizing::new(percent_decode_str(url.username()).collect());
    pair.push(b':');
    pair.extend(percent_decode_str(url.password().unwrap_or_default()));
    let coded = Zeroizing::new(format!("Basic {}", STANDARD.encode(&*pair)));
    let mut value = HeaderValue::from_str(&coded).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ProxyServer, Bilingual> {
        server(text)
    }

    #[test]
    fn reads_each_part() {
        let basic = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        for (text, host, port, pair) in [
            ("proxy:3128", "proxy", 3128, None),
            ("proxy", "proxy", 80, None),
            ("proxy:3128/", "proxy", 3128, None),
            ("[::1]:3128", "::1", 3128, None),
            ("u:p@proxy:1", "proxy", 1, Some("u:p")),
            ("u%40corp:p%3A%2F%23%25@proxy:1", "proxy", 1, Some("u@corp:p:/#%")),
            ("u:p:q@proxy:1", "proxy", 1, Some("u:p:q")),
            ("u:密码@proxy:1", "proxy", 1, Some("u:密码")),
            ("u@proxy:1", "proxy", 1, Some("u:")),
            ("http://proxy:3128", "proxy", 3128, None),
            ("HTTPS://proxy", "proxy", 443, None),
        ] {
            let server = read(text).unwrap();
            let authorization = server.authorization.as_ref().map(|value| value.to_str().unwrap());
            assert_eq!((server.host.as_str(), server.port), (host, port), "{text}");
            assert_eq!(server.tls, text.starts_with("HTTPS"), "{text}");
            assert_eq!(authorization.map(str::to_owned), pair.map(basic), "{text}");
        }
    }

    #[test]
    fn knows_whom_no_proxy_names() {
        for (list, endpoint, expected) in [
            ("*", "https://127.0.0.1/", true),
            ("a.org, *", "https://example.org/", true),
            ("127.0.0.1", "https://127.0.0.1/", true),
            ("10.0.0.0/8,127.0.0.0/8", "https://127.0.0.1/", true),
            ("10.0.0.0/8", "https://127.0.0.1/", false),
            ("::1", "https://[::1]/", true),
            ("[::1]", "https://[::1]/", true),
            ("[::1]:8443", "https://[::1]/", false),
            ("a.org b.org\texample.org", "https://example.org/", true),
            ("EXAMPLE.org.", "https://example.org/", true),
            ("example.org", "https://example.org./", true),
            (".example.org", "https://sign.example.org/", true),
            ("*.example.org", "https://sign.example.org/", true),
            ("example.org:443", "https://example.org/", true),
            ("example.org:8443", "https://example.org/", false),
            ("ample.org", "https://example.org/", false),
            ("", "https://example.org/", false),
        ] {
            assert_eq!(is_excepted(list, &endpoint.parse().unwrap()), expected, "{list} {endpoint}");
        }
    }

    #[test]
    fn refuses_what_would_lead_elsewhere() {
        for password in ["p@ss/#1", "p#1", "p?1", "p/1", "p\\1", "p@1", "p%1", "100%", "p\t1", "p\n1", "p%zz"]
        {
            assert_eq!(read(&format!("user:{password}@proxy:3128")).err(), Some(NOT_ENCODED), "{password:?}");
        }
        for text in ["proxy:3128/path", "proxy:3128?x", "proxy:3128#x", "proxy:99999", "", ":3128", "u:p@"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
