//! Where documents may be pushed to (P-36).

use url::{Host, Url};

use crate::problem::Problem;

/// Reads a callback URL (P-36): https, or http to a loopback address; `plain` allows http elsewhere.
///
/// # Errors
/// It is none of these.
pub fn callback(text: &str, plain: bool) -> Result<Url, Problem> {
    let wrong = |en: &str, zh: &str| Problem::unusable(format!("{text}{en}"), format!("{text}{zh}"));
    let url = Url::parse(text).map_err(|_| wrong(" is not a URL", " 不是 URL"))?;
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => {
            return Err(wrong(
                " names no host: write it as http://localhost:9000/push",
                " 没有主机名：应写作 http://localhost:9000/push",
            ));
        }
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback || plain => Ok(url),
        "http" => Err(wrong(
            ": a callback must be https; http is for loopback addresses (elsewhere: http_callbacks)",
            "：回调地址须为 https；http 只用于本机回环地址（其他地址需设置 http_callbacks）",
        )),
        _ => Err(wrong(" must be an https URL", " 须为 https URL")),
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
