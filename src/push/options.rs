//! What a caller can set about receiving a push.

use std::borrow::Cow;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::protocol::catalogue::Reason;
use crate::protocol::json;
use crate::protocol::parse::describe;
use crate::protocol::scan::{Limits, MAX_DEPTH};
use crate::protocol::{Error, Result};

use super::Sink;

/// Settings of one receiver. The default takes any order, within the limits of [`Limits::default`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The file to store the document in, for callers that choose the sink by [`Options::sink`].
    pub path: Option<PathBuf>,
    /// The only order number that is accepted (P-33).
    pub expect_ordernumber: Option<String>,
    /// The only signid that is accepted (P-33).
    pub expect_signid: Option<String>,
    /// How much is read.
    pub limits: Limits,
    /// A file that stands at the path already is replaced. Otherwise it stays, and the push succeeds
    /// only when the file holds the same document.
    pub overwrite: bool,
}

impl Default for Options {
    /// Any order; 256 MiB of body, 64 KiB of envelope, 32 levels; a file is replaced, because the
    /// platform pushes again when an acknowledgement is lost (P-30).
    fn default() -> Options {
        Options {
            path: None,
            expect_ordernumber: None,
            expect_signid: None,
            limits: Limits::default(),
            overwrite: true,
        }
    }
}

impl Options {
    /// Reads options; no text at all stands for the default. All settings are optional:
    /// `{"path": "…", "expect": {"ordernumber": "…", "signid": "…"},
    /// "limits": {"body": bytes, "envelope": bytes, "depth": levels}, "overwrite": true}`.
    ///
    /// # Errors
    /// `bad_json`, `unknown_option`, `bad_option`, naming the setting.
    pub fn from_json(text: &[u8]) -> Result<Options> {
        if json::without_mark(text).trim_ascii().is_empty() {
            return Ok(Options::default());
        }
        let value = json::parse(text)
            .map_err(|error| Error::new(Reason::BadJson).field("options").because(describe(&error)))?;
        let options = section(Some(&value), "", &["path", "expect", "limits", "overwrite"])?;
        let expect = section(options.get("expect"), "expect", &["ordernumber", "signid"])?;
        let limits = section(options.get("limits"), "limits", &["body", "envelope", "depth"])?;
        let default = Options::default();
        Ok(Options {
            path: text_of(options, "path", "path")?.map(PathBuf::from),
            expect_ordernumber: text_of(expect, "ordernumber", "expect.ordernumber")?,
            expect_signid: text_of(expect, "signid", "expect.signid")?,
            limits: Limits {
                body: number(limits, "body", u64::MAX)?.unwrap_or(default.limits.body),
                envelope: size(limits, "envelope", usize::MAX)?.unwrap_or(default.limits.envelope),
                depth: size(limits, "depth", MAX_DEPTH)?.unwrap_or(default.limits.depth),
            },
            overwrite: flag(options, "overwrite")?.unwrap_or(default.overwrite),
        })
    }

    /// The sink by the caller's means: a buffer if there is one, else the file of `path`, else memory.
    #[must_use]
    pub fn sink<'a>(&self, buffer: Option<&'a mut [u8]>) -> Sink<'a> {
        match (buffer, &self.path) {
            (Some(buffer), _) => Sink::Buffer(buffer),
            (None, Some(path)) => Sink::File(path.clone()),
            (None, None) => Sink::Owned,
        }
    }
}

fn bad(path: &str, en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Error {
    let error = Error::new(Reason::BadOption).detail(en, zh);
    if path.is_empty() { error } else { error.field(path) }
}

/// A section, or an empty one when it is absent.
fn section<'a>(value: Option<&'a Value>, path: &str, known: &[&str]) -> Result<&'a Map<String, Value>> {
    static EMPTY: std::sync::OnceLock<Map<String, Value>> = std::sync::OnceLock::new();
    let map = match value {
        None | Some(Value::Null) => return Ok(EMPTY.get_or_init(Map::new)),
        Some(Value::Object(map)) => map,
        Some(_) => return Err(bad(path, "must be an object", "应为对象")),
    };
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(map),
        Some(key) => {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            Err(Error::new(Reason::UnknownOption)
                .field(path)
                .detail(format!("known: {}", known.join(", ")), format!("可用：{}", known.join("、"))))
        }
    }
}

fn present<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    map.get(name).filter(|value| !value.is_null())
}

fn text_of(map: &Map<String, Value>, name: &str, path: &str) -> Result<Option<String>> {
    match present(map, name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(bad(path, "must be a string that is not empty", "应为非空字符串")),
    }
}

fn number(map: &Map<String, Value>, name: &str, most: u64) -> Result<Option<u64>> {
    match present(map, name) {
        None => Ok(None),
        Some(value) => match value.as_u64().filter(|number| (1..=most).contains(number)) {
            Some(number) => Ok(Some(number)),
            None => {
                let path = format!("limits.{name}");
                let (en, zh) = if most == u64::MAX {
                    ("must be a whole number from 1".to_owned(), "应为不小于 1 的整数".to_owned())
                } else {
                    (
                        format!("must be a whole number from 1 to {most}"),
                        format!("应为 1 到 {most} 之间的整数"),
                    )
                };
                Err(bad(&path, en, zh))
            }
        },
    }
}

fn size(map: &Map<String, Value>, name: &str, most: usize) -> Result<Option<usize>> {
    Ok(number(map, name, most as u64)?.and_then(|number| usize::try_from(number).ok()))
}

fn flag(map: &Map<String, Value>, name: &str) -> Result<Option<bool>> {
    match present(map, name) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(bad(name, "must be true or false", "应为 true 或 false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_setting() {
        let options = Options::from_json(
            br#"{"path":"a/b.pdf","expect":{"ordernumber":"A","signid":"s"},
                "limits":{"body":10,"envelope":20,"depth":3},"overwrite":false}"#,
        )
        .unwrap();
        assert_eq!(options.path, Some(PathBuf::from("a/b.pdf")));
        assert_eq!(options.expect_ordernumber.as_deref(), Some("A"));
        assert_eq!(options.expect_signid.as_deref(), Some("s"));
        assert_eq!(options.limits, Limits { body: 10, envelope: 20, depth: 3 });
        assert!(!options.overwrite);
        for nothing in
            [&b""[..], b" ", b"{}", br#"{"limits":null,"path":null}"#, b"\xef\xbb\xbf{}", b"\xef\xbb\xbf"]
        {
            assert_eq!(Options::from_json(nothing), Ok(Options::default()));
        }
    }

    #[test]
    fn names_what_is_wrong() {
        for (text, reason, field) in [
            ("{", Reason::BadJson, Some("options")),
            ("[]", Reason::BadOption, None),
            (r#"{"paths":1}"#, Reason::UnknownOption, Some("paths")),
            (r#"{"expect":{"orderNo":1}}"#, Reason::UnknownOption, Some("expect.orderNo")),
            (r#"{"expect":[]}"#, Reason::BadOption, Some("expect")),
            (r#"{"expect":{"signid":7}}"#, Reason::BadOption, Some("expect.signid")),
            (r#"{"path":""}"#, Reason::BadOption, Some("path")),
            (r#"{"limits":{"body":0}}"#, Reason::BadOption, Some("limits.body")),
            (r#"{"limits":{"envelope":-1}}"#, Reason::BadOption, Some("limits.envelope")),
            (r#"{"limits":{"depth":101}}"#, Reason::BadOption, Some("limits.depth")),
            (r#"{"overwrite":1}"#, Reason::BadOption, Some("overwrite")),
        ] {
            let error = Options::from_json(text.as_bytes()).unwrap_err();
            assert_eq!((error.reason(), error.field_path()), (reason, field), "{text}");
        }
    }
}
