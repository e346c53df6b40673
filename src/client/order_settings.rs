//! The settings that an order needs to be judged and laid out.

use serde_json::Value;

use super::settings::{object, settings};
use crate::protocol::fields::{Fields, Findings};
use crate::protocol::{Error, Reason, Result};

/// What laying out an order needs of the configuration.
#[derive(Clone, Default)]
pub struct OrderSettings {
    /// The caller's token; never part of an order.
    pub tokenid: String,
    /// P-16: `pic` and `otherpic` may be empty.
    pub allow_empty_material: bool,
}

impl OrderSettings {
    /// Reads them out of a client configuration, or of where it is kept; its other settings are ignored. No text:
    /// the defaults.
    ///
    /// # Errors
    /// `bad_json`, `bad_option`; those of [`super::resolve`].
    pub fn from_json(text: &[u8]) -> Result<OrderSettings> {
        if text.iter().all(u8::is_ascii_whitespace) {
            return Ok(OrderSettings::default());
        }
        let map = settings(object(text)?)?;
        let wrong = |field: &str, en: &'static str, zh: &'static str| {
            Error::new(Reason::BadOption).field(field).detail(en, zh)
        };
        let mut findings = Findings::default();
        let tokenid = Fields::new(&map, "").text("tokenid", &mut findings);
        if !findings.violations.is_empty() {
            return Err(wrong("tokenid", "must be a string", "应为字符串"));
        }
        let allow_empty_material = match map.get("allow_empty_material") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(allow)) => *allow,
            Some(_) => {
                return Err(wrong("allow_empty_material", "must be true or false", "应为 true 或 false"));
            }
        };
        Ok(OrderSettings { tokenid: tokenid.unwrap_or_default().trim().to_owned(), allow_empty_material })
    }
}

impl std::fmt::Debug for OrderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderSettings")
            .field("allow_empty_material", &self.allow_empty_material)
            .finish_non_exhaustive()
    }
}
