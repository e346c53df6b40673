//! A list box: its lines from the first that is seen on, the chosen ones marked.

use std::collections::HashSet;
use std::fmt::Write;

use wosigndoc::pdf::{Object, Value};

use super::frame::Frame;
use super::hand::Hand;
use super::{Form, USUAL_SIZE, content, strings_shown};
use crate::signing::error::Result;
use crate::signing::seal::number;

/// The distance of two lines, in parts of the text's size.
const LINE: f64 = 1.15;
/// What lies behind a chosen line, as Acrobat shows it.
const CHOSEN: &str = "0.6 0.76 0.85 rg";

/// Returns the operators that show a list box; `None` if they cannot be made.
pub fn draw(form: &Form<'_>, widget: &Object) -> Result<Option<Vec<u8>>> {
    if content(form.pdf, widget)?.is_some_and(|content| strings_shown(&content).is_none()) {
        // Written in the codes of some font, which this hand may lack.
        return Ok(None);
    }
    let choices = form.choices(widget)?;
    let first = usize::try_from(form.integer(widget, "TI")?).unwrap_or(0);
    let texts: String = choices.iter().map(|(_, shown)| shown.as_str()).collect();
    let Some(frame) = Frame::of(form.pdf, widget)? else { return Ok(None) };
    let Some(hand) = Hand::of(form, widget, &texts)? else { return Ok(None) };
    let chosen = chosen(form, widget, &choices)?;
    let size = if hand.size > 0.0 { hand.size } else { USUAL_SIZE };
    let line = size * LINE;
    let width = number(frame.width - 2.0);
    let mut out = frame.around_text().into_bytes();
    let mut top = frame.height - 1.0;
    for (at, (_, shown)) in choices.iter().enumerate().skip(first) {
        if top <= 0.0 {
            break;
        }
        if chosen.contains(&at) {
            let mut mark = String::new();
            let _ = writeln!(mark, "{CHOSEN} 1 {} {width} {} re f", number(top - line), number(line));
            out.extend_from_slice(mark.as_bytes());
        }
        hand.show(&mut out, (2.0, top - size * 0.9), size, shown);
        top -= line;
    }
    out.extend_from_slice(b"Q EMC");
    Ok(Some(out))
}

/// Returns the places of the chosen lines: by `/I`, or else by their values.
fn chosen(form: &Form<'_>, widget: &Object, choices: &[(String, String)]) -> Result<HashSet<usize>> {
    let values = match form.inherited(widget, "V")? {
        Some(Value::Array(items)) => {
            items.iter().filter_map(|item| item.value.text()).collect::<HashSet<String>>()
        }
        Some(value) => value.text().into_iter().collect(),
        None => HashSet::new(),
    };
    let by_value: HashSet<usize> =
        (0..).zip(choices).filter(|(_, (export, _))| values.contains(export)).map(|(at, _)| at).collect();
    // The places tell lines of one value apart, but some programs leave old ones behind.
    let places = form.inherited(widget, "I")?;
    let places: HashSet<usize> = places
        .as_ref()
        .and_then(Value::array)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| item.value.index())
        .filter(|at| by_value.contains(at))
        .collect();
    Ok(if places.len() >= values.len() && !values.is_empty() { places } else { by_value })
}
