//! The settings that an order needs to be judged and laid out.

use super::settings::{object, settings};
use crate::protocol::Result;
use crate::section::{Section, first_problem};

/// What laying out an order needs of the configuration.
#[derive(Clone, Default)]
pub struct OrderSettings {
    /// The caller's token; never part of an order.
    pub tokenid: String,
    /// Whether `pic` and `otherpic` may be empty.
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
        first_problem(|problems| {
            // Not finished: what it leaves over are the client's other settings.
            let mut top = Section::new(map, "", problems);
            let tokenid = top.text("tokenid").map(|text| text.trim().to_owned()).unwrap_or_default();
            let allow_empty_material = top.flag("allow_empty_material").unwrap_or_default();
            OrderSettings { tokenid, allow_empty_material }
        })
    }
}

impl std::fmt::Debug for OrderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderSettings")
            .field("allow_empty_material", &self.allow_empty_material)
            .finish_non_exhaustive()
    }
}
