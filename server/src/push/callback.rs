//! Where documents may be pushed to (P-36).

use anyhow::{Context, Result, bail};
use url::{Host, Url};

/// Reads a callback URL (P-36): https, or http to a loopback address; `plain` allows http elsewhere.
pub fn callback(text: &str, plain: bool) -> Result<Url> {
    let url = Url::parse(text).with_context(|| format!("{text} is not a URL"))?;
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => bail!("{text} names no host: write it as http://localhost:9000/push"),
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback || plain => Ok(url),
        "http" => bail!(
            "{text}: a callback must be https; http is for loopback addresses (elsewhere: http_callbacks)"
        ),
        _ => bail!("{text} must be an https URL"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-36: https, or http to a loopback address; elsewhere only by an explicit setting.
    #[test]
    fn callbacks_are_https_or_loopback() {
        for url in
            ["https://shop.example/cb", "http://127.0.0.1:8000/", "http://[::1]/", "http://localhost:1/x"]
        {
            assert!(callback(url, false).is_ok(), "{url}");
        }
        for url in
            ["http://shop.example/", "http://192.0.2.1/", "ftp://127.0.0.1/", "shop.example", "https://"]
        {
            assert!(callback(url, false).is_err(), "{url}");
        }
        assert!(callback("http://192.0.2.1/", true).is_ok());
    }
}
