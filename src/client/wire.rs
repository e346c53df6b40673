//! An order judged and laid out, without sending it.

use serde_json::{Value, json};

use super::config::object;
use super::config_source::settings;
use super::pieces::{Pieces, measure};
use crate::protocol::fields::{Fields, Findings};
use crate::protocol::validate::{Context, validate};
use crate::protocol::wire::{Plan, plan};
use crate::protocol::{Error, Reason, Result, SignOrder, Warning};

/// What laying out an order needs of the configuration.
#[derive(Clone, Default)]
pub struct Settings {
    /// The caller's token; never part of an order.
    pub tokenid: String,
    /// P-16: `pic` and `otherpic` may be empty.
    pub allow_empty_material: bool,
}

impl Settings {
    /// Reads them out of a client configuration, or of where it is kept; its other settings are ignored. No text:
    /// the defaults.
    ///
    /// # Errors
    /// `bad_json`, `bad_option`; those of [`super::resolve`].
    pub fn from_json(text: &[u8]) -> Result<Settings> {
        if text.iter().all(u8::is_ascii_whitespace) {
            return Ok(Settings::default());
        }
        let map = settings(object(text)?)?;
        let wrong =
            |field: &str, en: &str, zh: &str| Error::new(Reason::BadOption).field(field).detail(en, zh);
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
        Ok(Settings { tokenid: tokenid.unwrap_or_default().trim().to_owned(), allow_empty_material })
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("allow_empty_material", &self.allow_empty_material)
            .finish_non_exhaustive()
    }
}

/// Judges an order (P-10 to P-19) and lays out its body, measuring files and attachments.
pub(super) fn prepare(
    settings: &Settings,
    order: &SignOrder,
    findings: Findings,
    attachments: &[&[u8]],
) -> Result<(Plan, Vec<Warning>)> {
    let length_of = |source: &_| measure(source, attachments, "").ok();
    let context = Context { allow_empty_material: settings.allow_empty_material, length_of: &length_of };
    let verdict = validate(order, findings, &context);
    if !verdict.violations.is_empty() {
        return Err(Error::invalid_order(verdict.violations, verdict.warnings));
    }
    match plan(order, &settings.tokenid, &|source, field| measure(source, attachments, field)) {
        Ok(plan) => Ok((plan, verdict.warnings)),
        Err(error) => Err(error.warnings(verdict.warnings)),
    }
}

/// The body that an order would be sent with, and `{"content_length", "warnings"}`.
///
/// # Errors
/// `bad_json`, `invalid_order`, `attachment_missing`, `file_unreadable`, `file_changed`.
pub fn order_wire(settings: &Settings, order: &[u8], attachments: &[&[u8]]) -> Result<(Vec<u8>, Value)> {
    let (order, findings) = SignOrder::from_json(order)?;
    let (plan, warnings) = prepare(settings, &order, findings, attachments)?;
    let length = plan.content_length();
    let mut body = Vec::new();
    // An order may name the same bytes many times: what does not fit must not abort the process.
    body.try_reserve_exact(usize::try_from(length).unwrap_or(usize::MAX))
        .map_err(|error| Error::new(Reason::Defect).because(error))?;
    let mut pieces = Pieces::new(&plan, attachments);
    while let Some(piece) = pieces.next()? {
        body.extend_from_slice(&piece);
    }
    Ok((body, json!({ "content_length": length, "warnings": to_json(&warnings) })))
}

/// Judges an order without laying it out: `{"warnings"}`.
///
/// # Errors
/// `bad_json`, `invalid_order` with every violation, `attachment_missing`, `file_unreadable`.
pub fn order_validate(settings: &Settings, order: &[u8], attachments: &[&[u8]]) -> Result<Value> {
    let (order, findings) = SignOrder::from_json(order)?;
    let (_, warnings) = prepare(settings, &order, findings, attachments)?;
    Ok(json!({ "warnings": to_json(&warnings) }))
}

fn to_json(warnings: &[Warning]) -> Vec<Value> {
    warnings.iter().map(Warning::to_json).collect()
}
