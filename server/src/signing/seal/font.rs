//! The fonts that seals are written with: outlines only, so that no font need be in the document.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

use super::path::{Path, Point, Step};
use crate::signing::error::{Result, SigningError, SigningReason};

/// The characters of GB 2312, so that seals need no font on the machine.
static BUILT_IN: &[u8] = include_bytes!("../../../fonts/SealKai-gb2312.ttf");
/// How far below the base line the square of a Chinese character reaches, in parts of its height.
const BELOW_BASE_LINE: f64 = 0.12;
/// Longest name that a seal can hold legibly.
const MAX_CHARACTERS: usize = 100;

/// The platform's fonts, in the order in which they are asked for a character.
#[derive(Clone, Debug)]
pub struct Fonts {
    faces: Vec<Cow<'static, [u8]>>,
}

/// A character as a seal writes it.
#[derive(Clone, Debug)]
pub struct Glyph {
    /// The character.
    pub character: char,
    /// Its outline in a square of side 1 (a narrow one reaches only to `advance`); empty for a blank.
    pub path: Path,
    /// The distance to the next character, in parts of its height.
    pub advance: f64,
}

impl Glyph {
    /// Says whether it is a Chinese character or as wide as one.
    pub fn is_wide(&self) -> bool {
        self.character >= '\u{2e80}'
    }

    /// Says whether it parts a name: a blank or a middle dot.
    pub fn is_divider(&self) -> bool {
        self.character == '·' || self.character.is_whitespace()
    }
}

impl Fonts {
    /// Returns the font that the platform brings along.
    #[must_use]
    pub fn built_in() -> Fonts {
        Fonts { faces: vec![Cow::Borrowed(BUILT_IN)] }
    }

    /// Adds a TrueType or OpenType font that is asked for characters which those before it lack.
    ///
    /// # Errors
    /// When these bytes are no font.
    pub fn with(mut self, font: Vec<u8>) -> Result<Fonts> {
        Face::parse(&font, 0).map_err(|error| {
            SigningError::new(
                SigningReason::Unsupported,
                format!("the further font cannot be read: {error}"),
                format!("附加字体无法读取：{error}"),
            )
        })?;
        self.faces.push(Cow::Owned(font));
        Ok(self)
    }

    /// Checks that a seal can be made of this name: every character is in one of the fonts.
    ///
    /// # Errors
    /// Names the first character that no font has, and its place (counted from 1).
    pub fn check_name(&self, name: &str) -> Result<()> {
        self.write(name).map(drop)
    }

    /// Returns the outlines of a text's characters, its line breaks left out; `None` if one is in no font.
    pub fn outlines(&self, text: &str) -> Option<HashMap<char, Glyph>> {
        let faces = self.faces();
        let mut outlines = HashMap::new();
        for character in text.chars().filter(|character| !matches!(character, '\r' | '\n')) {
            if let Entry::Vacant(place) = outlines.entry(character) {
                place.insert(faces.iter().find_map(|face| glyph(face, usual(character)))?);
            }
        }
        Some(outlines)
    }

    fn faces(&self) -> Vec<Face<'_>> {
        self.faces.iter().filter_map(|font| Face::parse(font, 0).ok()).collect()
    }

    /// Returns a name as outlines, blanks at its ends left out.
    pub(super) fn write(&self, name: &str) -> Result<Vec<Glyph>> {
        let faces = self.faces();
        let name = name.trim();
        let count = name.chars().count();
        if count == 0 || count > MAX_CHARACTERS {
            return Err(SigningError::new(
                SigningReason::Name,
                format!("a seal needs a name of 1 to {MAX_CHARACTERS} characters; this one has {count}"),
                format!("印章名称应为 1 至 {MAX_CHARACTERS} 个字，现有 {count} 个字"),
            ));
        }
        name.chars()
            .enumerate()
            .map(|(index, character)| {
                let glyph = faces.iter().find_map(|face| glyph(face, usual(character)));
                glyph.ok_or_else(|| missing(index + 1, character))
            })
            .collect()
    }
}

/// Writes the many middle dots of names as one.
fn usual(character: char) -> char {
    match character {
        '•' | '‧' | '∙' | '⋅' | '・' | '\u{ff65}' => '·',
        '\u{3000}' | '\u{a0}' => ' ',
        other => other,
    }
}

fn glyph(face: &Face<'_>, character: char) -> Option<Glyph> {
    let id = face.glyph_index(character).filter(|id| *id != GlyphId(0))?;
    let unit = f64::from(face.units_per_em());
    let mut pen = Pen { unit, last: (0.0, 0.0), path: Path::default() };
    face.outline_glyph(id, &mut pen);
    if pen.path.0.is_empty() && !character.is_whitespace() {
        return None;
    }
    let advance = face.glyph_hor_advance(id).map_or(1.0, |advance| f64::from(advance) / unit);
    Some(Glyph { character, path: pen.path, advance })
}

fn missing(place: usize, character: char) -> SigningError {
    let code = u32::from(character);
    let shown = if character.is_control() { '\u{fffd}' } else { character };
    SigningError::new(
        SigningReason::Name,
        format!(
            "character {place} of the name, \"{shown}\" (U+{code:04X}), is in none of the platform's fonts; \
             give a seal picture, or have the platform add a font that has it"
        ),
        format!(
            "名称的第 {place} 个字“{shown}”（U+{code:04X}）不在平台的字体中；请提供印章图片，或由平台配置含有该字的字体"
        ),
    )
}

/// Takes a glyph's outline, scaled to a square of side 1.
struct Pen {
    unit: f64,
    last: Point,
    path: Path,
}

impl Pen {
    fn point(&self, x: f32, y: f32) -> Point {
        (f64::from(x) / self.unit, f64::from(y) / self.unit + BELOW_BASE_LINE)
    }

    fn push(&mut self, step: Step, last: Point) {
        self.path.0.push(step);
        self.last = last;
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let p = self.point(x, y);
        self.push(Step::Move(p), p);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let p = self.point(x, y);
        self.push(Step::Line(p), p);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (control, p, last) = (self.point(x1, y1), self.point(x, y), self.last);
        // PDF has no curves of the second degree: the same curve, one degree higher.
        let raise = |from: Point| {
            (from.0 + (control.0 - from.0) * 2.0 / 3.0, from.1 + (control.1 - from.1) * 2.0 / 3.0)
        };
        self.push(Step::Curve(raise(last), raise(p), p), p);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let p = self.point(x, y);
        self.push(Step::Curve(self.point(x1, y1), self.point(x2, y2), p), p);
    }

    fn close(&mut self) {
        self.path.0.push(Step::Close);
    }
}
