//! How a field's text is written: in the form's font, or, where that may lack a character, in outlines.

use std::collections::HashMap;
use std::fmt::Write;

use wosigndoc::pdf::Object;

use super::Form;
use crate::signing::error::Result;
use crate::signing::seal::{Glyph, number};

/// The widths of Helvetica's characters from the blank on, in thousandths.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// How far above the base line the lower edge of an outline's square is, in parts of its height.
const OUTLINE_BOTTOM: f64 = -0.12;

/// Writes the texts of one field.
pub struct Hand {
    /// Operators for colour, the font left out.
    pub style: String,
    /// The size of the text; 0 where it is left open.
    pub size: f64,
    font: String,
    /// The characters' outlines, if the text is written in outlines.
    outlines: Option<HashMap<char, Glyph>>,
}

impl Hand {
    /// Returns the hand for these texts; `None` if there is no style, or a character that cannot be written.
    pub fn of(form: &Form<'_>, widget: &Object, texts: &str) -> Result<Option<Hand>> {
        let Some((style, font, size)) = form.style(widget)? else { return Ok(None) };
        let mut outlines = None;
        if !is_latin(texts) || form.is_composite(&font)? {
            let Some(glyphs) = form.outlines(texts) else { return Ok(None) };
            outlines = Some(glyphs);
        }
        Ok(Some(Hand { style, size, font, outlines }))
    }

    /// Returns how wide a text is, in Helvetica or about so in another font.
    pub fn width(&self, text: &str, size: f64) -> f64 {
        text.chars().map(|character| self.advance(character)).sum::<f64>() * size
    }

    fn advance(&self, character: char) -> f64 {
        if let Some(outlines) = &self.outlines {
            return outlines.get(&character).map_or(0.0, |glyph| glyph.advance);
        }
        let index = u32::from(character).checked_sub(32).and_then(|index| usize::try_from(index).ok());
        f64::from(index.and_then(|index| WIDTHS.get(index)).copied().unwrap_or(556)) / 1000.0
    }

    /// Shows a line of text that begins here.
    pub fn show(&self, out: &mut Vec<u8>, (x, y): (f64, f64), size: f64, text: &str) {
        let mut before = format!("{}\n", self.style);
        if let Some(outlines) = &self.outlines {
            let mut left = x;
            for glyph in text.chars().filter_map(|character| outlines.get(&character)) {
                let bottom = y + OUTLINE_BOTTOM * size;
                glyph.path.map(|(x, y)| (left + x * size, bottom + y * size)).write(&mut before);
                left += glyph.advance * size;
            }
            before.push_str("f\n");
            out.extend_from_slice(before.as_bytes());
            return;
        }
        let (x, y, size) = (number(x), number(y), number(size));
        let _ = write!(before, "BT /{} {size} Tf 1 0 0 1 {x} {y} Tm (", self.font);
        out.extend_from_slice(before.as_bytes());
        for character in text.chars() {
            if matches!(character, '(' | ')' | '\\') {
                out.push(b'\\');
            }
            out.push(u8::try_from(u32::from(character)).unwrap_or(b'?'));
        }
        out.extend_from_slice(b") Tj ET\n");
    }
}

/// Says whether the fonts of forms have these characters: those of Latin-1. Others cannot be told from here.
pub fn is_latin(text: &str) -> bool {
    text.chars().all(|character| u8::try_from(u32::from(character)).is_ok())
}

/// Takes a default appearance apart: operators without the font, the font's name, and its size.
pub fn parts(style: &str) -> Option<(String, String, f64)> {
    let words: Vec<&str> = style.split_ascii_whitespace().collect();
    let at = words.iter().position(|word| *word == "Tf")?;
    let font = words.get(at.checked_sub(2)?)?.strip_prefix('/')?;
    let size = words.get(at - 1)?.parse().ok()?;
    let plain =
        |word: &&&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let others = words.iter().take(at - 2).chain(words.iter().skip(at + 1)).filter(plain);
    let others: Vec<&str> = others.copied().collect();
    let is_name = !font.is_empty()
        && font.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-_.,#".contains(&byte));
    is_name.then(|| (others.join(" "), font.to_owned(), size))
}
