//! Buttons: those that are pushed, boxes that are checked, and those of which one is chosen.

use wosigndoc::pdf::{Object, Value};

use super::frame::Frame;
use super::hand::Hand;
use super::{Change, Form, USUAL_SIZE, normal};
use crate::signing::error::Result;
use crate::signing::seal::number;

/// Bits of `/Ff`: one of several, and a button that keeps no value.
const RADIO: i64 = 1 << 15;
const PUSH: i64 = 1 << 16;
/// ZapfDingbats' check mark and dot, about as wide and as high, in parts of the size, as its other marks.
const CHECK: &str = "4";
const DOT: &str = "l";
const MARK: (f64, f64) = (0.77, 0.7);
/// The font of marks, as resources.
pub const MARKS: &str = "<</Font <</ZaDb <</Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats>>>>>>";

/// Returns what a button needs to look as its value says.
pub fn change(form: &Form<'_>, widget: &Object, flags: i64) -> Result<Change> {
    match normal(form.pdf, widget)? {
        Some(normal) if flags & PUSH == 0 && normal.data.is_none() => state(form, widget, &normal),
        Some(_) => Ok(Change::None),
        None if flags & PUSH != 0 => Ok(caption(form, widget)?.map_or(Change::None, Change::Look)),
        None => mark(form, widget, flags & RADIO != 0),
    }
}

/// Returns the state that the value asks for, if the button shows another.
fn state(form: &Form<'_>, widget: &Object, states: &Object) -> Result<Change> {
    let (Some(states), Some(Value::Name(value))) = (states.dict(), form.inherited(widget, "V")?) else {
        return Ok(Change::None);
    };
    let is_own = states.0.iter().any(|(state, _)| *state == value);
    let wanted = if is_own { value } else { b"Off".to_vec() };
    let shown = form.pdf.get(widget, "AS")?;
    let is_shown = shown.is_some_and(|shown| shown.item.value.name() == Some(&wanted));
    Ok(if is_shown { Change::None } else { Change::State(wanted) })
}

/// Draws a button that is pushed. An icon is beyond this.
fn caption(form: &Form<'_>, widget: &Object) -> Result<Option<Vec<u8>>> {
    let (Some(frame), Some(looks)) = (Frame::of(form.pdf, widget)?, form.pdf.get(widget, "MK")?) else {
        return Ok(None);
    };
    let text = form.pdf.get(&looks, "CA")?.and_then(|caption| caption.item.value.text()).unwrap_or_default();
    let place = form.pdf.get(&looks, "TP")?.and_then(|place| place.item.value.integer()).unwrap_or(0);
    if place != 0 || (text.is_empty() && frame.is_unseen()) {
        return Ok(None);
    }
    let mut out = frame.operators().into_bytes();
    if !text.is_empty() {
        let Some(hand) = Hand::of(form, widget, &text)? else { return Ok(None) };
        let fitting = (frame.width - 4.0) / hand.width(&text, 1.0).max(0.001);
        let open = USUAL_SIZE.min(0.67 * frame.height).min(fitting).max(4.0);
        let size = if hand.size > 0.0 { hand.size } else { open };
        let x = (frame.width - hand.width(&text, size)) / 2.0;
        out.extend_from_slice(b"q\n");
        hand.show(&mut out, (x, 0.5 * frame.height - 0.36 * size), size, &text);
        out.extend_from_slice(b"Q");
    }
    Ok(Some(out))
}

/// Draws a box or a button of several that is on. What one is called that is off cannot be told.
fn mark(form: &Form<'_>, widget: &Object, is_radio: bool) -> Result<Change> {
    let shown = form.pdf.get(widget, "AS")?.map(|shown| shown.item.value);
    let value = match shown {
        None if !is_radio => form.inherited(widget, "V")?,
        shown => shown,
    };
    let Some(Value::Name(on)) = value.filter(|value| value.name() != Some(b"Off")) else {
        return Ok(Change::None);
    };
    let Some(frame) = Frame::of(form.pdf, widget)? else { return Ok(Change::None) };
    let looks = form.pdf.get(widget, "MK")?;
    let caption = looks.map_or(Ok(None), |looks| form.pdf.get(&looks, "CA"))?;
    let caption = caption.and_then(|caption| caption.item.value.text());
    let caption = caption.unwrap_or_else(|| if is_radio { DOT } else { CHECK }.to_owned());
    let Some(sign) = caption.chars().next().filter(char::is_ascii_alphanumeric) else {
        return Ok(Change::None);
    };
    let (style, _, size) = form.style(widget)?.unwrap_or_else(|| ("0 g".to_owned(), String::new(), 0.0));
    let size = if size > 0.0 { size } else { 0.8 * frame.width.min(frame.height) };
    let [x, y] = [frame.width - MARK.0 * size, frame.height - MARK.1 * size].map(|free| number(free / 2.0));
    let behind = if is_radio && caption == DOT { frame.circle() } else { frame.operators() };
    let with = format!("{behind}q {style} BT /ZaDb {} Tf {x} {y} Td ({sign}) Tj ET Q", number(size));
    Ok(Change::States { on, with: with.into_bytes(), without: behind.into_bytes() })
}
