//! An order judged and laid out, without sending it.

use serde_json::{Value, json};

use super::order_settings::OrderSettings;
use super::transport::{Located, locate};
use crate::protocol::fields::Findings;
use crate::protocol::stream::Plan;
use crate::protocol::validate::{Context, Verdict, validate};
use crate::protocol::wire::plan;
use crate::protocol::{Error, RawSource, Reason, Result, SignOrder, Warning};

/// Judges an order (P-10 to P-19) and lays out its body, measuring files and attachments.
pub(super) fn prepare<'a>(
    settings: &OrderSettings,
    order: &'a SignOrder,
    findings: Findings,
    attachments: &'a [&'a [u8]],
) -> Result<(Plan<Located<'a>>, Vec<Warning>)> {
    let length_of = |source: RawSource<'_>| locate(source, attachments, "").ok().map(|(_, length)| length);
    let context = Context { allow_empty_material: settings.allow_empty_material, length_of: &length_of };
    let Verdict { outcome, warnings } = validate(order, findings, &context);
    let order = match outcome {
        Ok(order) => order,
        Err(violations) => return Err(Error::invalid_order(violations, warnings)),
    };
    match plan(&order, &settings.tokenid, &|source, field| locate(source, attachments, field)) {
        Ok(plan) => Ok((plan, warnings)),
        Err(error) => Err(error.warnings(warnings)),
    }
}

/// Returns the body that an order would be sent with, and `{"content_length", "warnings"}`.
///
/// # Errors
/// `bad_json`, `invalid_order`, `attachment_missing`, `file_unreadable`, `file_changed`; `system_resources` when memory
/// cannot hold the body.
pub fn order_wire(settings: &OrderSettings, order: &[u8], attachments: &[&[u8]]) -> Result<(Vec<u8>, Value)> {
    let (order, findings) = SignOrder::from_json(order)?;
    let (plan, warnings) = prepare(settings, &order, findings, attachments)?;
    let length = plan.content_length();
    let mut body = Vec::new();
    // An order may name the same bytes many times: what does not fit must not abort the process.
    body.try_reserve_exact(usize::try_from(length).unwrap_or(usize::MAX))
        .map_err(|_| Error::new(Reason::SystemResources))?;
    let mut pieces = plan.pieces(Located::supply);
    while let Some(piece) = pieces.next_piece()? {
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

pub(super) fn to_json(warnings: &[Warning]) -> Vec<Value> {
    warnings.iter().map(Warning::to_json).collect()
}
