//! Looking at everything an order needs, without sending one: configuration, identity, endpoint, clocks. Where the caller
//! asks for it, orders are sent that must be refused, since only the platform knows token and certificate.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::Method;
use reqwest::header::DATE;
use rustls::RootCertStore;
use serde_json::Value;

use super::config::Config;
use super::identity::{Identity, WARN_DAYS};
use super::report::Report;
use super::roots;
use super::send::{MAX_TOTAL, read_answer};
use super::transport::{Handshake, Pool};
use crate::credentials::{Facts, now, rfc3339};
use crate::protocol::{Answer, Bilingual, Code, Error, Kind, Reason, Result};
use crate::section::{Section, read_text};

mod fate;
mod hosted;
mod impossible;
mod live;
mod verdict;

pub(crate) use hosted::preflight_hosted;

/// Clocks may differ by so much before certificates and time stamps get into trouble.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(300);

/// Checks a configuration as far as possible without an order, and reports everything that is wrong:
/// `{"ok", "checks": [{"check", "ok", "level", "message", "message_zh", "advice", "advice_zh"}], "text",
/// "text_zh"}`, where `level` is `ok`, `warning` or `error`.
///
/// The endpoint is asked with a GET, which the protocol refuses: it shows the connection and mutual
/// TLS at work, and can create nothing. `timeout` replaces the configured time for the whole call.
#[must_use]
pub fn preflight(config: &[u8], timeout: Option<Duration>) -> Value {
    preflight_with(config, &PreflightOptions { timeout, live: false })
}

/// What a preflight does besides looking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PreflightOptions {
    /// The time limit of the whole call, in place of the configured one.
    pub timeout: Option<Duration>,
    /// Whether up to three orders are sent that must be refused, to learn whether the platform knows the tokenid and
    /// whether the certificate belongs to it: one with a made-up tokenid, one with the configured tokenid by a certificate
    /// made for this call, one with both as configured and a made-up template. Each is sent once, holds no document of
    /// the caller's, and is wrong in so many ways that nothing can be created or charged.
    pub live: bool,
}

impl PreflightOptions {
    /// Reads `{"live"}`; an empty text stands for none.
    ///
    /// # Errors
    /// `bad_json`, `bad_option`, `unknown_option`, naming the option.
    pub(crate) fn from_json(text: &[u8], timeout: Option<Duration>) -> Result<PreflightOptions> {
        if text.is_empty() {
            return Ok(PreflightOptions { timeout, live: false });
        }
        let live = read_text(text, "options", |map, problems| {
            let mut section = Section::new(map, "", problems);
            let live = section.flag("live");
            section.finish();
            live
        })?;
        Ok(PreflightOptions { timeout, live: live.unwrap_or_default() })
    }
}

/// Does the same as [`preflight`], and what the options say. With `live` the report has the checks `live`, `token`,
/// `registration` and `balance` too, once the endpoint has been reached.
///
/// ```no_run
/// use wosigndoc::client::{PreflightOptions, preflight_with};
///
/// let options = PreflightOptions { live: true, ..PreflightOptions::default() };
/// let report = preflight_with(br#"{"file": "client.json"}"#, &options);
/// print!("{}", report["text"].as_str().unwrap_or_default());
/// ```
#[must_use]
pub fn preflight_with(config: &[u8], options: &PreflightOptions) -> Value {
    let mut report = Report::default();
    if let Some(config) = configured(Config::read(config), &mut report) {
        check(&config, options, &mut report);
    }
    report.to_json()
}

/// Reports what was found in the configuration, and returns it when it is complete.
fn configured(read: Result<Config, Vec<Error>>, report: &mut Report) -> Option<Config> {
    let config = read.inspect_err(|problems| {
        problems.iter().for_each(|problem| report.bad("configuration", problem));
    });
    let config = config.ok()?;
    let endpoint = config.endpoint().as_str();
    report.good("configuration", format!("complete, for {endpoint}"), format!("完整，用于 {endpoint}"));
    Some(config)
}

fn check(config: &Config, options: &PreflightOptions, report: &mut Report) {
    let identity = config.load_identity();
    match &identity {
        Ok(identity) => describe(identity, report),
        Err(error) => report.bad(
            match error.reason() {
                Reason::IdentityMismatch => "key",
                Reason::IdentityExpired | Reason::IdentityNotYetValid => "expiry",
                _ => "identity",
            },
            error,
        ),
    }
    let roots = roots::load(config.roots());
    if let Err(error) = &roots {
        report.bad("roots", error);
    }
    let (Ok(identity), Ok((roots, warnings))) = (identity, roots) else { return };
    for warning in warnings {
        report.warn("roots", warning.message, ROOTS_ADVICE);
    }
    if let Err(error) = reach(config, &identity, roots, options, report) {
        let of_proxy = error.field_path().is_some_and(|field| field.to_ascii_uppercase().ends_with("PROXY"));
        report.bad(if of_proxy { "proxy" } else { "endpoint" }, &error);
    }
}

/// Looks how far the endpoint is reached, and what it says of orders, if it is to be asked.
fn reach(
    config: &Config,
    identity: &Identity,
    roots: RootCertStore,
    options: &PreflightOptions,
    report: &mut Report,
) -> Result<()> {
    let deadline = Instant::now() + options.timeout.unwrap_or(config.timeouts().total).min(MAX_TOTAL);
    let handshake = Arc::<Handshake>::default();
    let pool = Pool::new(config, identity, roots.clone(), Arc::clone(&handshake))?;
    probe(&pool, &handshake, deadline, report)?;
    if options.live && handshake.trusted() {
        let fates = live::send(config, &pool, roots, deadline);
        verdict::judge(&fates, Some(&identity.facts().spki_sha256), report);
    }
    Ok(())
}

fn describe(identity: &Identity, report: &mut Report) {
    certificate(identity.facts(), report);
    report.good("key", "belongs to the certificate", "与证书匹配");
    lifetime(identity.facts(), report);
    let sent = identity.certified().cert.len();
    report.good("chain", format!("certificates sent: {sent}"), format!("发送的证书数：{sent}"));
    for oddity in identity.oddities() {
        let advice = match oddity.word {
            "identity_purpose" => PURPOSE_ADVICE,
            _ => PAIR_ADVICE,
        };
        report.warn("identity", oddity.message.clone(), advice);
    }
}

/// Reports who sends where the library does not.
fn sent_by(host: &str, report: &mut Report) {
    report.good(
        "transport",
        format!("orders are sent by {host}; certificate, trusted roots and proxy are its own"),
        format!("订单由 {host} 发送；证书、受信任的根证书和代理由其自身决定"),
    );
}

fn reached(report: &mut Report) {
    report.good("endpoint", "reached", "可连接");
}

/// Reports whose certificate it is.
fn certificate(facts: &Facts, report: &mut Report) {
    let (subject, issuer, spki) = (&facts.subject, &facts.issuer, &facts.spki_sha256);
    report.good(
        "identity",
        format!("{subject}, issued by {issuer}, public key SHA-256 {spki}"),
        format!("{subject}，由 {issuer} 签发，公钥 SHA-256 为 {spki}"),
    );
}

/// Reports how long a certificate that has not expired is valid.
fn lifetime(facts: &Facts, report: &mut Report) {
    let (day, left) = (rfc3339(facts.not_after), (facts.not_after - now()) / 86_400);
    let message = Bilingual::new(
        format!("valid until {day}, {left} days from now"),
        format!("有效期至 {day}，还有 {left} 天"),
    );
    if left < WARN_DAYS {
        report.warn("expiry", message, Reason::IdentityExpired.entry().advice);
    } else {
        report.good("expiry", message.en, message.zh);
    }
}

const ROOTS_ADVICE: Bilingual = Bilingual::fixed(
    "install ca-certificates, or set roots.ca_file",
    "请安装 ca-certificates，或设置 roots.ca_file",
);
const PURPOSE_ADVICE: Bilingual = Bilingual::fixed(
    "ask the CA for a certificate for client authentication",
    "请向 CA 申请用于客户端认证的证书",
);
const PAIR_ADVICE: Bilingual = Bilingual::fixed(
    "give the signing certificate that is registered with the platform, and its key, alone",
    "请只提供在平台登记的签名证书及其私钥",
);
const CLOCK_ADVICE: Bilingual =
    Bilingual::fixed("set this machine's clock, best by NTP", "请校准本机时钟，建议使用 NTP");
const SILENCE_ADVICE: Bilingual = Bilingual::fixed(
    "ask the platform's administrator whether it sees the connection; a server that does not know the client certificate, or \
     a firewall, may end it so",
    "请向平台管理员确认是否看到该连接；不认识客户端证书的服务器或防火墙可能这样处理连接",
);
const NOT_ASKED: Bilingual = Bilingual::fixed(
    "the server did not ask for the client certificate in the handshake, so it cannot know it",
    "服务器在握手时没有索取客户端证书，因此无从识别",
);
const ASK_ADVICE: Bilingual = Bilingual::fixed(
    "check the endpoint; a server that asks only after the handshake, as IIS does by default, has to be set to ask in it, or the order \
     sent by the host's own HTTP client (docs/certificates.md)",
    "请检查接口地址；若服务器在握手之后才索取（IIS 默认如此），应设置为在握手时索取，或由宿主自己的 HTTP 客户端发送（docs/certificates.zh.md）",
);
const PLATFORM_ADVICE: Bilingual = Bilingual::fixed(
    "check that the endpoint is the platform's and not a proxy's",
    "请确认接口地址是平台而非代理",
);

/// Looks how far a GET gets: to the proxy, the endpoint, the platform's answer.
fn probe(pool: &Pool, handshake: &Handshake, deadline: Instant, report: &mut Report) -> Result<()> {
    let driver = pool.take()?;
    let answer = driver.run(async {
        let ask = async { read_answer(driver.send(driver.request(Method::GET)).await?).await };
        driver.within(deadline, || handshake.trusted(), ask).await
    });
    if !handshake.trusted() {
        unreached(&answer.err().unwrap_or_else(|| Error::new(Reason::Defect)), pool.proxy(), report);
        return Ok(());
    }
    if let Some(proxy) = pool.proxy() {
        opened(&proxy, report);
    }
    reached(report);
    report.good("server_certificate", "trusted", "受信任");
    if handshake.asked() {
        report.good("client_certificate", "asked for in the handshake", "服务器在握手时索取");
    } else {
        report.warn("client_certificate", NOT_ASKED, ASK_ADVICE);
    }
    match answer {
        Ok(answer) => {
            let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok());
            answered(answer.status, date, answer.read(), report);
        }
        Err(error) => unanswered(&error, report),
    }
    Ok(())
}

/// Reports how far the connection got that did not come about.
fn unreached(error: &Error, proxy: Option<String>, report: &mut Report) {
    if matches!(error.reason(), Reason::ProxyUnreachable | Reason::ProxyRefused) {
        return report.bad("proxy", error);
    }
    if let Some(proxy) = proxy.filter(|_| error.reason() != Reason::ConnectTimeout) {
        opened(&proxy, report);
    }
    if error.kind() == Kind::Tls {
        reached(report);
        tls(error, report);
    } else {
        report.bad("endpoint", error);
    }
}

fn opened(proxy: &str, report: &mut Report) {
    report.good("proxy", format!("opens a tunnel, {proxy}"), format!("已打开隧道，{proxy}"));
}

fn tls(error: &Error, report: &mut Report) {
    let refused_us = error.reason() == Reason::TlsFailed;
    report.bad(if refused_us { "tls" } else { "server_certificate" }, error);
}

/// Reports what became of a GET over a connection that stood.
fn unanswered(error: &Error, report: &mut Report) {
    let message = match error.reason() {
        Reason::CallTimeout => Bilingual::fixed(
            "the connection stands, but a GET got no answer in time",
            "连接已建立，但 GET 请求在时限内没有得到应答",
        ),
        Reason::ConnectionLost | Reason::AnswerCut => Bilingual::fixed(
            "the connection was closed instead of an answer to a GET",
            "对 GET 请求没有应答，连接即被关闭",
        ),
        // In TLS 1.3 the server judges the client's certificate after the client thinks it is connected.
        _ if error.kind() == Kind::Tls => return tls(error, report),
        _ => return report.bad("platform", error),
    };
    report.fail("platform", message, SILENCE_ADVICE);
}

fn answered(status: u16, date: Option<&str>, read: Result<Answer>, report: &mut Report) {
    clock_of(date, report);
    match read {
        // P-3: a platform may say so before it looks at the method.
        Ok(said) if said.errorcode == Some(Code::WrongCertificate.number()) => {
            report.bad("platform", &Error::platform(Code::WrongCertificate.number()));
        }
        _ if status == 405 => report.good(
            "platform",
            "answers over mutual TLS, and takes no GET, as the protocol says",
            "通过双向 TLS 应答，并按协议拒绝 GET",
        ),
        // Nothing that looks at the method first: an order would fare no better.
        Err(error) if matches!(status, 300..=399 | 401 | 403 | 407 | 495..=497 | 500..) => {
            report.bad("platform", &error);
        }
        _ => report.warn(
            "platform",
            Bilingual::new(
                format!("answers HTTP {status} to a GET, where the protocol says 405"),
                format!("对 GET 应答 HTTP {status}，而协议规定为 405"),
            ),
            PLATFORM_ADVICE,
        ),
    }
}

/// Compares the clocks, by the header `Date` of an answer.
fn clock_of(date: Option<&str>, report: &mut Report) {
    let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else { return };
    let ours = SystemTime::now();
    let apart = ours.duration_since(theirs).or_else(|_| theirs.duration_since(ours)).unwrap_or_default();
    let seconds = apart.as_secs();
    let message =
        Bilingual::new(format!("{seconds} s apart from the server's"), format!("与服务器相差 {seconds} 秒"));
    if apart > CLOCK_TOLERANCE {
        report.warn("clock", message, CLOCK_ADVICE);
    } else {
        report.good("clock", message.en, message.zh);
    }
}
