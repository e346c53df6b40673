//! The client's configuration, read from JSON: every wrong, unknown or missing setting is named.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use reqwest::header::HeaderValue;
use serde_json::{Map, Value};
use url::Url;

use super::identity::{Identity, IdentitySource};
use super::order_settings::OrderSettings;
use super::proxy::Proxy;
use super::roots::Roots;
use super::settings::{from_file, from_process, object, settings};
use crate::protocol::{Error, Reason, Result};
use crate::section::Section;

/// Longest time limit: one hour, in milliseconds.
const HOUR: u64 = 3_600_000;

/// A checked configuration. Passphrases, keys and a proxy's credentials are wiped when it is dropped, and Debug
/// shows no secret.
pub struct Config {
    endpoint: Url,
    order_settings: OrderSettings,
    /// Gone once the client has it.
    identity: Option<IdentitySource>,
    roots: Roots,
    timeouts: Timeouts,
    proxy: Proxy,
    user_agent: HeaderValue,
    retry: Retry,
}

/// Time limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeouts {
    /// For a connection to come about, name, TCP and TLS together.
    pub(super) connect: Duration,
    /// For the whole call, with all its tries.
    pub(super) total: Duration,
    /// How long an unused connection is kept.
    pub(super) idle: Duration,
}

/// How an ambiguous failure is retried (P-23).
#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    /// Tries in all, the first included.
    pub(super) attempts: u32,
    /// Pause before the second try; doubled before each further one.
    pub(super) pause: Duration,
}

impl Config {
    /// Reads a configuration, or where it is kept, as [`super::resolve`] takes it.
    ///
    /// # Errors
    /// The first problem: `bad_json`, `unknown_option`, `missing_option`, `bad_option`, or
    /// `endpoint_not_https`; the field path names the setting. Those of [`super::resolve`].
    pub fn from_json(text: &[u8]) -> Result<Config> {
        Config::from_settings(settings(object(text)?)?)
    }

    /// Reads a configuration for a host that sends by its own HTTP client, or where it is kept. No identity is needed: the
    /// host shows its own, and what the configuration says of identity, roots and proxy is the host's to read.
    ///
    /// # Errors
    /// Those of [`Config::from_json`].
    pub(super) fn for_host(text: &[u8]) -> Result<Config> {
        Config::first(Config::read_for_host(text))
    }

    /// The same, with everything that is wrong with it.
    pub(super) fn read_for_host(text: &[u8]) -> Result<Config, Vec<Error>> {
        let settings = object(text).and_then(settings).map_err(|error| vec![error])?;
        build_from(settings, Sender::Host)
    }

    /// Reads a configuration file. Paths in it are relative to it.
    ///
    /// # Errors
    /// `file_unreadable`; those of [`Config::from_json`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Config> {
        Config::from_settings(from_file(path.as_ref())?)
    }

    /// Reads a configuration from this process's variables that begin with `WOSIGNDOC_`.
    ///
    /// # Errors
    /// `unknown_option` and `bad_option`, naming the variable; those of [`Config::from_file`] for the file that
    /// `WOSIGNDOC_CONFIG` names.
    pub fn from_environment() -> Result<Config> {
        Config::from_settings(from_process()?)
    }

    /// Reads a configuration from its settings.
    pub(super) fn from_settings(settings: Map<String, Value>) -> Result<Config> {
        Config::first(build_from(settings, Sender::Library))
    }

    fn first(read: Result<Config, Vec<Error>>) -> Result<Config> {
        read.map_err(|problems| problems.into_iter().next().unwrap_or_else(|| Error::new(Reason::Defect)))
    }

    /// Reads a configuration, or lists everything that is wrong with it.
    pub(super) fn read(text: &[u8]) -> Result<Config, Vec<Error>> {
        let settings = object(text).and_then(settings).map_err(|error| vec![error])?;
        build_from(settings, Sender::Library)
    }

    /// Loads and checks the client certificate and key.
    pub(super) fn load_identity(&self) -> Result<Identity> {
        self.identity.as_ref().ok_or_else(|| Error::new(Reason::Defect))?.load()
    }

    /// Wipes the passphrase and the text of the key: an identity is loaded once, a client may live for
    /// ever.
    pub(super) fn forget_identity(&mut self) {
        self.identity = None;
    }

    pub(super) fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    pub(super) fn order_settings(&self) -> &OrderSettings {
        &self.order_settings
    }

    pub(super) fn roots(&self) -> &Roots {
        &self.roots
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    pub(super) fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    pub(super) fn retry(&self) -> Retry {
        self.retry
    }

    /// Returns `wosigndoc/x.y.z`, followed by the configured suffix.
    pub(super) fn user_agent(&self) -> &HeaderValue {
        &self.user_agent
    }
}

/// Who sends the orders.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sender {
    Library,
    Host,
}

/// Reads a configuration, or lists everything that is wrong with it.
fn build_from(settings: Map<String, Value>, sender: Sender) -> Result<Config, Vec<Error>> {
    let mut problems = Vec::new();
    match build(settings, sender, &mut problems) {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(problems),
    }
}

fn build(map: Map<String, Value>, sender: Sender, problems: &mut Vec<Error>) -> Option<Config> {
    let mut top = Section::new(map, "", problems);
    let endpoint = endpoint(&mut top);
    let tokenid = top.filled("tokenid");
    if tokenid.is_none() {
        top.missing("tokenid");
    }
    let identity = match top.section("identity") {
        // The host shows its own.
        _ if sender == Sender::Host => None,
        Some(map) => IdentitySource::read(map, top.problems()),
        None => {
            top.missing("identity");
            None
        }
    };
    let roots = top.section("roots").unwrap_or_default();
    let roots = Roots::read(roots, top.problems());
    let timeouts = top.section("timeouts").unwrap_or_default();
    let timeouts = read_timeouts(timeouts, top.problems());
    let retry = top.section("retry").unwrap_or_default();
    let retry = read_retry(retry, top.problems());
    let proxy = Proxy::read(&mut top);
    let user_agent = user_agent(&mut top);
    let allow_empty_material = top.flag("allow_empty_material").unwrap_or_default();
    top.finish();
    let order_settings = OrderSettings { tokenid: tokenid?.trim().to_owned(), allow_empty_material };
    Some(Config {
        endpoint: endpoint?,
        order_settings,
        identity,
        roots,
        timeouts,
        proxy: proxy?,
        user_agent,
        retry,
    })
}

/// Reads the endpoint: https only (P-1), as configured; `/` when it has no path (P-4).
fn endpoint(top: &mut Section<'_>) -> Option<Url> {
    let Some(text) = top.filled("endpoint") else {
        top.missing("endpoint");
        return None;
    };
    // A parser of URLs leaves line breaks out without a word.
    if text.trim().contains(char::is_control) {
        top.wrong("endpoint", "must hold no line break or other control character", "不应包含换行等控制字符");
        return None;
    }
    let Ok(url) = Url::parse(text.trim()) else {
        let error = Error::new(Reason::EndpointNotHttps).field("endpoint");
        top.problems().push(error.detail("it cannot be read as a URL", "无法解析为 URL"));
        return None;
    };
    if url.scheme() != "https" {
        top.problems().push(Error::new(Reason::EndpointNotHttps).field("endpoint"));
        return None;
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        top.wrong("endpoint", "must hold no user, password or fragment", "不应包含用户名、密码或片段");
        return None;
    }
    Some(url)
}

fn read_timeouts(map: Map<String, Value>, problems: &mut Vec<Error>) -> Timeouts {
    let mut section = Section::new(map, "timeouts", problems);
    let mut limit =
        |name, least, default| Duration::from_millis(section.number(name, least..=HOUR).unwrap_or(default));
    let timeouts = Timeouts {
        connect: limit("connect_ms", 1, 10_000),
        total: limit("total_ms", 1, 120_000),
        idle: limit("idle_ms", 0, 55_000),
    };
    section.finish();
    timeouts
}

fn read_retry(map: Map<String, Value>, problems: &mut Vec<Error>) -> Retry {
    let mut section = Section::new(map, "retry", problems);
    let attempts = section.number("attempts", 1..=10).unwrap_or(3);
    let pause = section.number("pause_ms", 0..=60_000).unwrap_or(500);
    section.finish();
    Retry { attempts: u32::try_from(attempts).unwrap_or(1), pause: Duration::from_millis(pause) }
}

fn user_agent(top: &mut Section<'_>) -> HeaderValue {
    let own = concat!("wosigndoc/", env!("CARGO_PKG_VERSION"));
    let suffix = top.filled("user_agent").unwrap_or_default();
    let whole = format!("{own} {}", suffix.trim());
    let printable = suffix.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    match HeaderValue::from_str(whole.trim_end()) {
        Ok(value) if suffix.len() <= 256 && printable => value,
        _ => {
            let (en, zh) =
                ("must be at most 256 printable ASCII characters", "应为不超过 256 个可打印 ASCII 字符");
            top.wrong("user_agent", en, zh);
            HeaderValue::from_static(own)
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("endpoint", &self.endpoint.as_str())
            .field("timeouts", &self.timeouts)
            .field("retry", &self.retry)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}
