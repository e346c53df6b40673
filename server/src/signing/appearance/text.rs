//! A field of text, or a list with one line that is shown.

use wosigndoc::pdf::{Object, PdfFile};

use super::frame::Frame;
use super::hand::{Hand, is_latin};
use super::{Form, USUAL_SIZE, content, strings_shown};
use crate::signing::error::Result;

/// Bits of `/Ff`: several lines, a password, one character a cell.
const MULTILINE: i64 = 1 << 12;
const PASSWORD: i64 = 1 << 13;
const COMB: i64 = 1 << 24;
/// Room between the border and the text, in points.
const MARGIN: f64 = 2.0;

/// What a field of text looks like.
struct Look {
    text: String,
    hand: Hand,
    frame: Frame,
    flags: i64,
    quadding: i64,
    cells: usize,
}

/// Returns the operators that show a field's text; `None` if they are there, or cannot be made.
pub fn draw(form: &Form<'_>, widget: &Object, flags: i64, is_choice: bool) -> Result<Option<Vec<u8>>> {
    if flags & PASSWORD != 0 {
        return Ok(None);
    }
    let value = form.inherited(widget, "V")?.and_then(|value| value.text()).unwrap_or_default();
    let text = if is_choice { shown_choice(form, widget, value)? } else { value };
    if shows(form.pdf, widget, &text)? {
        return Ok(None);
    }
    let Some(frame) = Frame::of(form.pdf, widget)? else { return Ok(None) };
    let Some(hand) = Hand::of(form, widget, &text)? else { return Ok(None) };
    let quadding = form.integer(widget, "Q")?;
    let cells = usize::try_from(form.integer(widget, "MaxLen")?).unwrap_or(0);
    Ok(Some(Look { text, hand, frame, flags, quadding, cells }.operators()))
}

impl Look {
    fn operators(&self) -> Vec<u8> {
        let multiline = self.flags & MULTILINE != 0;
        let size = self.fitting_size(multiline);
        let (width, height) = (self.frame.width, self.frame.height);
        let mut out = self.frame.around_text().into_bytes();
        if self.flags & COMB != 0 && self.cells > 0 {
            self.show_cells(&mut out, size);
        } else {
            let lines = if multiline { self.lines(size) } else { vec![self.text.replace(['\r', '\n'], " ")] };
            let mut y = if multiline { height - MARGIN - size } else { 0.5 * height - 0.4 * size };
            for line in lines {
                let free = width - self.hand.width(&line, size);
                let x = match self.quadding {
                    1 => free / 2.0,
                    2 => free - MARGIN,
                    _ => MARGIN,
                };
                self.hand.show(&mut out, (x, y), size, &line);
                y -= size;
            }
        }
        out.extend_from_slice(b"Q EMC");
        out
    }

    /// Shows as many cells as the field may have characters.
    fn show_cells(&self, out: &mut Vec<u8>, size: f64) {
        #[allow(clippy::cast_precision_loss)] // small numbers
        let cell = self.frame.width / self.cells as f64;
        let mut at = 0.0;
        for character in self.text.chars().take(self.cells).map(|character| character.to_string()) {
            let x = at + (cell - self.hand.width(&character, size)) / 2.0;
            self.hand.show(out, (x, 0.5 * self.frame.height - 0.4 * size), size, &character);
            at += cell;
        }
    }

    /// Returns the size of the text; one that is left open fits the field.
    fn fitting_size(&self, multiline: bool) -> f64 {
        if self.hand.size > 0.0 {
            return self.hand.size;
        }
        if multiline {
            let fits = |size: &f64| {
                #[allow(clippy::cast_precision_loss)] // few lines
                let lines = self.lines(*size).len() as f64;
                lines * size + 2.0 * MARGIN <= self.frame.height
            };
            return [USUAL_SIZE, 10.0, 8.0, 6.0].into_iter().find(fits).unwrap_or(4.0);
        }
        let by_width = (self.frame.width - 2.0 * MARGIN) / self.hand.width(&self.text, 1.0).max(0.001);
        (0.67 * self.frame.height).min(by_width).floor().max(4.0)
    }

    /// Breaks the text into lines.
    fn lines(&self, size: f64) -> Vec<String> {
        let room = self.frame.width - 2.0 * MARGIN;
        let mut lines = Vec::new();
        for paragraph in self.text.replace("\r\n", "\n").split(['\r', '\n']) {
            let mut line = String::new();
            for piece in pieces(paragraph) {
                let longer = format!("{line}{piece}");
                if self.hand.width(longer.trim_end(), size) > room && !line.is_empty() {
                    lines.push(std::mem::replace(&mut line, piece.to_owned()));
                } else {
                    line = longer;
                }
            }
            lines.push(line);
        }
        lines
    }
}

/// Returns what a line may be broken between: words with the blanks behind them, and Chinese characters.
fn pieces(paragraph: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut before) = (Vec::new(), 0, '\u{0}');
    for (at, character) in paragraph.char_indices() {
        let is_wide = |character: char| character >= '\u{2e80}';
        // Chinese punctuation begins no line.
        let may_begin = !"，。、；：！？）》】」』".contains(character);
        if before == ' ' || (may_begin && (is_wide(before) || is_wide(character))) {
            pieces.push(paragraph.get(start..at).unwrap_or_default());
            start = at;
        }
        before = character;
    }
    pieces.push(paragraph.get(start..).unwrap_or_default());
    pieces
}

/// Returns what a field of choices shows for its value.
fn shown_choice(form: &Form<'_>, widget: &Object, value: String) -> Result<String> {
    let choices = form.choices(widget)?;
    let chosen = choices.into_iter().find(|(export, _)| *export == value);
    Ok(chosen.map_or(value, |(_, shown)| shown))
}

/// Says whether a widget's appearance shows this text already, as far as that can be told.
fn shows(pdf: &PdfFile, widget: &Object, text: &str) -> Result<bool> {
    let Some(content) = content(pdf, widget)? else { return Ok(text.trim().is_empty()) };
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    match strings_shown(&content) {
        // Written in the codes of some font: it shows something, so it should.
        None => Ok(!text.trim().is_empty()),
        // Likewise, unless it is plain text, which cannot be this one.
        Some(shown) if !is_latin(text) => {
            Ok(!shown.chars().all(|character| character == ' ' || character.is_ascii_graphic()))
        }
        Some(shown) => Ok(plain(&shown) == plain(text) && shown.trim().is_empty() == text.trim().is_empty()),
    }
}
