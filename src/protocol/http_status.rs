//! What to do about an HTTP status that came instead of the protocol's answer.

use super::bilingual::Bilingual;

/// Returns what to do, and whether the same request can succeed later; `None` where the status says nothing of its own.
pub(super) fn advice(status: u16) -> Option<(Bilingual, bool)> {
    let (en, zh, retry) = match status {
        300..=399 => (
            "set endpoint to the platform's own address; the sign-in page of a proxy or portal redirects too",
            "请将 endpoint 设为平台自身的地址；代理或门户的登录页也会重定向",
            false,
        ),
        401 | 403 => (
            "a web server or firewall before the platform does not let this client in: have its rules and lists of \
             addresses checked",
            "平台之前的 Web 服务器或防火墙不允许该客户端访问：请检查其规则和地址名单",
            false,
        ),
        404 | 405 | 410 | 501 => (
            "check the path of the endpoint: no platform takes orders there",
            "请检查 endpoint 的路径：该处没有接收订单的平台",
            false,
        ),
        408 | 425 | 429 => {
            ("try again later, and send fewer orders at once", "请稍后重试，并减少同时发送的订单", true)
        }
        413 => (
            "the order is larger than the server takes: send smaller scans, or have its limit raised (nginx: \
             client_max_body_size)",
            "订单超过服务器允许的大小：请缩小扫描件，或请其调高限制（nginx：client_max_body_size）",
            false,
        ),
        400 | 495 | 496 => (
            "the web server before the platform may not take the client certificate: check that it is the registered \
             one, with its chain; see body_start",
            "平台之前的 Web 服务器可能不接受该客户端证书：请确认是已登记的证书并带有证书链；参见 body_start",
            false,
        ),
        402..=499 => (
            "a web server or proxy before the platform refused the request; see http_status and body_start",
            "平台之前的 Web 服务器或代理拒绝了请求；参见 http_status 和 body_start",
            false,
        ),
        500..=599 => (
            "the platform, or the proxy before it, is in trouble: try again later; see body_start",
            "平台或其之前的代理出现故障：请稍后重试；参见 body_start",
            true,
        ),
        _ => return None,
    };
    Some((Bilingual::fixed(en, zh), retry))
}
