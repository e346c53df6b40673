//! One step's delivery as it crosses the C ABI.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{DEFAULT_EXPIRY, Ledger};
use crate::protocol::{Error, Result};
use crate::section::{self, Section};

/// A push in a store, and who processes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The store.
    pub ledger: Ledger,
    /// The push, by [`crate::push::Received::delivery_key`].
    pub key: String,
    /// The name of this claim among all.
    pub owner: String,
    /// The time after which a claim that is made now may be taken over.
    pub expire_after: Duration,
}

impl Delivery {
    /// Reads `{"folder": "…", "key": "…", "owner": "…", "expire_seconds": 900}`; the last may be absent.
    ///
    /// # Errors
    /// `bad_json`, `missing_option`, `bad_option`, `unknown_option`, naming the setting.
    pub fn from_json(text: &[u8]) -> Result<Delivery> {
        section::read_text(text, "delivery", Delivery::read)
    }

    fn read(map: Map<String, Value>, problems: &mut Vec<Error>) -> Delivery {
        let mut section = Section::new(map, "", problems);
        let delivery = Delivery {
            ledger: Ledger::new(required(&mut section, "folder")),
            key: required(&mut section, "key"),
            owner: required(&mut section, "owner"),
            expire_after: section
                .number("expire_seconds", 1..=u64::MAX)
                .map_or(DEFAULT_EXPIRY, Duration::from_secs),
        };
        section.finish();
        delivery
    }
}

fn required(section: &mut Section<'_>, name: &'static str) -> String {
    let problems = section.problems().len();
    let text = section.some_text(name);
    if text.is_none() && section.problems().len() == problems {
        section.missing(name);
    }
    text.map(|text| text.as_str().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Reason;

    #[test]
    fn reads_every_setting() {
        let text = |rest: &str| format!(r#"{{"folder":"/a","key":"k","owner":"o"{rest}}}"#);
        let read = |rest: &str| Delivery::from_json(text(rest).as_bytes());
        let delivery = read("").unwrap();
        assert_eq!(delivery.ledger, Ledger::new("/a"));
        assert_eq!((delivery.key.as_str(), delivery.owner.as_str()), ("k", "o"));
        assert_eq!(delivery.expire_after, Duration::from_mins(15));
        assert_eq!(read(r#","expire_seconds":7"#).unwrap().expire_after, Duration::from_secs(7));
        assert_eq!(read(r#","expire_seconds":null"#), Ok(delivery));
    }

    #[test]
    fn names_what_is_wrong() {
        for (text, reason, field) in [
            ("", Reason::BadJson, "delivery"),
            ("[]", Reason::BadOption, "delivery"),
            ("{}", Reason::MissingOption, "folder"),
            (r#"{"folder":""}"#, Reason::BadOption, "folder"),
            (r#"{"folder":"a"}"#, Reason::MissingOption, "key"),
            (r#"{"folder":"a","key":7}"#, Reason::BadOption, "key"),
            (r#"{"folder":"a","key":"k"}"#, Reason::MissingOption, "owner"),
            (
                r#"{"folder":"a","key":"k","owner":"o","expire_seconds":0}"#,
                Reason::BadOption,
                "expire_seconds",
            ),
            (r#"{"folder":"a","key":"k","owner":"o","expiry":1}"#, Reason::UnknownOption, "expiry"),
        ] {
            let error = Delivery::from_json(text.as_bytes()).unwrap_err();
            assert_eq!((error.reason(), error.field_path()), (reason, Some(field)), "{text}");
        }
    }
}
