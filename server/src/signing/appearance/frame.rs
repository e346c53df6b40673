//! A widget's place, with its background and border.

use wosigndoc::pdf::{self, Item, Object, PdfFile, Value};

use crate::signing::seal::{Path, number};

/// A widget's place and what is drawn behind its text.
pub struct Frame {
    pub width: f64,
    pub height: f64,
    background: Option<String>,
    border: Option<String>,
    /// The width of the border.
    line: f64,
    /// The border's style: solid, dashed, beveled, inset or underlined, by its letter.
    kind: u8,
}

impl Frame {
    /// Reads a widget's frame; `None` if it has no place, or stands turned.
    pub fn of(pdf: &PdfFile, widget: &Object) -> pdf::Result<Option<Frame>> {
        let Some(rect) = pdf.get(widget, "Rect")? else { return Ok(None) };
        let &[left, bottom, right, top] = numbers(&rect.item.value).as_slice() else { return Ok(None) };
        let mut frame = Frame {
            width: (right - left).abs(),
            height: (top - bottom).abs(),
            background: None,
            border: None,
            line: 1.0,
            kind: b'S',
        };
        if let Some(looks) = pdf.get(widget, "MK")? {
            if pdf.get(&looks, "R")?.is_some_and(|turn| turn.item.value.integer() != Some(0)) {
                return Ok(None);
            }
            frame.background = colour(pdf, &looks, "BG")?;
            frame.border = colour(pdf, &looks, "BC")?.map(|colour| colour.to_uppercase());
        }
        if let Some(style) = pdf.get(widget, "BS")? {
            if let Some(line) = pdf.get(&style, "W")?.and_then(|width| width.item.value.number()) {
                frame.line = line;
            }
            let kind = pdf.get(&style, "S")?.and_then(|kind| kind.item.value.name()?.first().copied());
            frame.kind = kind.unwrap_or(b'S');
        } else if let Some(border) = pdf.get(widget, "Border")?
            && let Some(line) = numbers(&border.item.value).get(2)
        {
            frame.line = *line;
        }
        Ok(Some(frame))
    }

    /// Says whether nothing of it is seen.
    pub fn is_unseen(&self) -> bool {
        self.background.is_none() && self.border.is_none()
    }

    /// Returns the operators that draw it, as a rectangle.
    pub fn operators(&self) -> String {
        let (width, height, line) = (self.width, self.height, self.line);
        let mut out = String::new();
        if let Some(colour) = &self.background {
            out = format!("q {colour} 0 0 {} {} re f Q\n", number(width), number(height));
        }
        let Some(colour) = self.border.as_ref().filter(|_| line > 0.0) else { return out };
        let half = line / 2.0;
        match self.kind {
            b'B' => out.push_str(&self.edges("1 g", "0.5 g")),
            b'I' => out.push_str(&self.edges("0.5 g", "0.75 g")),
            _ => {}
        }
        let dashes = if self.kind == b'D' { " [3] 0 d" } else { "" };
        let [half, far_x, far_y] = [half, width - line, height - line].map(number);
        let path = match self.kind {
            b'U' => format!("0 {half} m {} {half} l", number(width)),
            _ => format!("{half} {half} {far_x} {far_y} re"),
        };
        out + &format!("q {colour} {} w{dashes} {path} S Q\n", number(line))
    }

    /// Returns the operators that draw it and begin the text in it, which keeps to its inside; `Q EMC` ends that.
    pub fn around_text(&self) -> String {
        let (width, height) = (number(self.width - 2.0), number(self.height - 2.0));
        self.operators() + &format!("/Tx BMC q 1 1 {width} {height} re W n\n")
    }

    /// Returns the operators that draw it as a circle, for a radio button.
    pub fn circle(&self) -> String {
        let middle = (self.width / 2.0, self.height / 2.0);
        let radius = middle.0.min(middle.1);
        let mut out = String::new();
        let mut draw = |colour: &str, radius: f64, paint: &str| {
            out.push_str(&format!("q {colour} {} w ", number(self.line)));
            Path::circle(middle, radius).write(&mut out);
            out.push_str(paint);
        };
        if let Some(colour) = &self.background {
            draw(colour, radius, "f Q\n");
        }
        if let Some(colour) = self.border.as_ref().filter(|_| self.line > 0.0) {
            draw(colour, radius - self.line / 2.0, "S Q\n");
        }
        out
    }

    /// Draws light and shadow inside the border.
    fn edges(&self, upper_left: &str, lower_right: &str) -> String {
        let (near, far) = (self.line, 2.0 * self.line);
        let corner = |inset: f64, right: bool, top: bool| {
            let x = if right { self.width - inset } else { inset };
            let y = if top { self.height - inset } else { inset };
            format!("{} {}", number(x), number(y))
        };
        let polygon = |colour: &str, bend: bool| {
            let outer = [corner(near, false, false), corner(near, !bend, bend), corner(near, true, true)];
            let inner = [corner(far, true, true), corner(far, !bend, bend), corner(far, false, false)];
            let [a, b, c] = outer;
            let [d, e, f] = inner;
            format!("q {colour} {a} m {b} l {c} l {d} l {e} l {f} l h f Q\n")
        };
        polygon(upper_left, true) + &polygon(lower_right, false)
    }
}

/// Returns a colour as an operator for filling; `None` if there is none.
fn colour(pdf: &PdfFile, looks: &Object, key: &str) -> pdf::Result<Option<String>> {
    let parts = pdf.get(looks, key)?.map(|colour| numbers(&colour.item.value)).unwrap_or_default();
    let operator = match parts.len() {
        1 => "g",
        3 => "rg",
        4 => "k",
        _ => return Ok(None),
    };
    let parts: Vec<String> = parts.into_iter().map(number).collect();
    Ok(Some(format!("{} {operator}", parts.join(" "))))
}

fn numbers(value: &Value) -> Vec<f64> {
    let number = |item: &Item| item.value.number();
    value.array().unwrap_or_default().iter().filter_map(number).collect()
}
