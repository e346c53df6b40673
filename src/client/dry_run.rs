//! An order judged and laid out, without sending it.

use serde_json::{Value, json};

use super::order_settings::OrderSettings;
use super::transport::{Pieces, measure};
use crate::protocol::fields::Findings;
use crate::protocol::validate::{Context, validate};
use crate::protocol::wire::{Plan, plan};
use crate::protocol::{Error, Reason, Result, SignOrder, Warning};

/// Judges an order (P-10 to P-19) and lays out its body, measuring files and attachments.
pub(super) fn prepare(
    settings: &OrderSettings,
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
pub fn order_wire(settings: &OrderSettings, order: &[u8], attachments: &[&[u8]]) -> Result<(Vec<u8>, Value)> {
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
pub fn order_validate(settings: &OrderSettings, order: &[u8], attachments: &[&[u8]]) -> Result<Value> {
    let (order, findings) = SignOrder::from_json(order)?;
    let (_, warnings) = prepare(settings, &order, findings, attachments)?;
    Ok(json!({ "warnings": to_json(&warnings) }))
}

fn to_json(warnings: &[Warning]) -> Vec<Value> {
    warnings.iter().map(Warning::to_json).collect()
}
