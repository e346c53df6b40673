//! What a caller can set about receiving a push.

use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::protocol::json;
use crate::protocol::scan::{Limits, MAX_DEPTH};
use crate::protocol::{Error, Result};
use crate::section::{self, Section};

use super::Sink;
use super::trusted::Verification;

/// Settings of one receiver. The default takes any order, within the limits of [`Limits::default`].
#[derive(Clone, Debug)]
pub struct Options {
    /// The file to store the document in, for callers that choose the sink by [`Options::sink`].
    pub path: Option<PathBuf>,
    /// The only order number that is accepted.
    pub expect_ordernumber: Option<String>,
    /// The only signid that is accepted.
    pub expect_signid: Option<String>,
    /// How much is read.
    pub limits: Limits,
    /// A file that stands at the path already is replaced. Otherwise it stays, and the push succeeds
    /// only when the file holds the same document.
    pub overwrite: bool,
    /// What a document is held against before it is taken; without it, whoever knows the callback URL can post one.
    pub verification: Option<Verification>,
}

impl Default for Options {
    /// Takes any order; 256 MiB of body, 64 KiB of envelope, 32 levels; a file is replaced, because the
    /// platform pushes again when an acknowledgement is lost.
    fn default() -> Options {
        Options {
            path: None,
            expect_ordernumber: None,
            expect_signid: None,
            limits: Limits::default(),
            overwrite: true,
            verification: None,
        }
    }
}

impl Options {
    /// Reads options; no text at all stands for the default. All settings are optional:
    /// `{"path": "…", "expect": {"ordernumber": "…", "signid": "…"},
    /// "limits": {"body": bytes, "envelope": bytes, "depth": levels}, "overwrite": true,
    /// "verify": {…}, "quarantine": {"folder": "…", "max_files": 1000}}`. What `verify` may hold is what
    /// [`crate::verify::Options`] read.
    ///
    /// # Errors
    /// `bad_json`, `unknown_option`, `bad_option`, `missing_option`, `roots_unreadable`, naming the setting.
    pub fn from_json(text: &[u8]) -> Result<Options> {
        if json::without_mark(text).trim_ascii().is_empty() {
            return Ok(Options::default());
        }
        section::read_text(text, "options", Options::read)
    }

    fn read(map: Map<String, Value>, problems: &mut Vec<Error>) -> Options {
        let mut top = Section::new(map, "", problems);
        let path = top.some_text("path").map(|path| PathBuf::from(path.as_str()));
        let overwrite = top.flag("overwrite").unwrap_or(true);
        let (expect, limits) = (top.section("expect"), top.section("limits"));
        let (verify, quarantine) = (top.section("verify"), top.section("quarantine"));
        let mut expect = Section::new(expect.unwrap_or_default(), "expect", top.problems());
        let mut text = |name| expect.some_text(name).map(|text| text.as_str().to_owned());
        let (expect_ordernumber, expect_signid) = (text("ordernumber"), text("signid"));
        expect.finish();
        let limits = read_limits(limits.unwrap_or_default(), top.problems());
        let verification = Verification::read(verify, quarantine, top.problems());
        top.finish();
        Options { path, expect_ordernumber, expect_signid, limits, overwrite, verification }
    }

    /// Chooses the sink by the caller's means: a buffer if there is one, else the file of `path`, else memory.
    #[must_use]
    pub fn sink<'a>(&self, buffer: Option<&'a mut [u8]>) -> Sink<'a> {
        match (buffer, &self.path) {
            (Some(buffer), _) => Sink::Buffer(buffer),
            (None, Some(path)) => Sink::File(path.clone()),
            (None, None) => Sink::Owned,
        }
    }
}

fn read_limits(map: Map<String, Value>, problems: &mut Vec<Error>) -> Limits {
    let mut section = Section::new(map, "limits", problems);
    let default = Limits::default();
    let body = section.number("body", 1..=u64::MAX).unwrap_or(default.body);
    let mut size = |name, max: usize| {
        section.number(name, 1..=max as u64).and_then(|number| usize::try_from(number).ok())
    };
    let envelope = size("envelope", usize::MAX).unwrap_or(default.envelope);
    let depth = size("depth", MAX_DEPTH).unwrap_or(default.depth);
    section.finish();
    Limits { body, envelope, depth }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Reason;

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
            let default = format!("{:?}", Options::default());
            assert_eq!(format!("{:?}", Options::from_json(nothing).unwrap()), default);
        }
    }

    #[test]
    fn names_what_is_wrong() {
        for (text, reason, field) in [
            ("{", Reason::BadJson, Some("options")),
            ("[]", Reason::BadOption, Some("options")),
            (r#"{"paths":1}"#, Reason::UnknownOption, Some("paths")),
            (r#"{"expect":{"orderNo":1}}"#, Reason::UnknownOption, Some("expect.orderNo")),
            (r#"{"expect":[]}"#, Reason::BadOption, Some("expect")),
            (r#"{"expect":{"signid":7}}"#, Reason::BadOption, Some("expect.signid")),
            (r#"{"path":""}"#, Reason::BadOption, Some("path")),
            (r#"{"limits":{"body":0}}"#, Reason::BadOption, Some("limits.body")),
            (r#"{"limits":{"envelope":-1}}"#, Reason::BadOption, Some("limits.envelope")),
            (r#"{"limits":{"depth":101}}"#, Reason::BadOption, Some("limits.depth")),
            (r#"{"limits":7}"#, Reason::BadOption, Some("limits")),
            (r#"{"overwrite":1}"#, Reason::BadOption, Some("overwrite")),
            (r#"{"verify":1}"#, Reason::BadOption, Some("verify")),
            (r#"{"verify":{"root":{}}}"#, Reason::UnknownOption, Some("verify.root")),
            (r#"{"verify":{"roots":{"ca":"x"}}}"#, Reason::RootsUnreadable, Some("verify.roots.ca")),
            (r#"{"verify":{"path":"a.pdf"}}"#, Reason::BadOption, Some("verify.path")),
            (r#"{"verify":{}}"#, Reason::MissingOption, Some("verify.roots")),
            (r#"{"verify":{},"quarantine":{}}"#, Reason::MissingOption, Some("quarantine.folder")),
            (r#"{"quarantine":{"folder":"q"}}"#, Reason::BadOption, Some("quarantine")),
            (
                r#"{"verify":{},"quarantine":{"folder":"q","max_files":0}}"#,
                Reason::BadOption,
                Some("quarantine.max_files"),
            ),
        ] {
            let error = Options::from_json(text.as_bytes()).unwrap_err();
            assert_eq!((error.reason(), error.field_path()), (reason, field), "{text}");
        }
        let misspelt = Options::from_json(br#"{"limits":{"envelop":1}}"#).unwrap_err();
        assert!(misspelt.message().en.ends_with("did you mean envelope?"), "{misspelt}");
    }
}
