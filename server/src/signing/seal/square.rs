//! A person's seal: red characters in a red square frame.

use std::fmt::Write;

use super::Drawing;
use super::font::Glyph;
use super::layout::{Cell, cells};
use super::path::{Path, RED, number};

// The unit is the millimetre of a name seal, 20 across.
const SIDE: f64 = 20.0;
const FRAME: f64 = 1.1;
const CORNER: f64 = 1.2;
/// Room between frame and characters.
const MARGIN: f64 = 0.55;
/// How much bolder the strokes become, in parts of a character's height.
const BOLDER: f64 = 0.03;

/// Draws the seal.
pub fn draw(name: &[Glyph]) -> Drawing {
    let mut operators = format!("{RED} rg {RED} RG 1 j {} w\n", number(FRAME));
    Path::rounded_square(FRAME / 2.0, SIDE - FRAME / 2.0, CORNER).write(&mut operators);
    operators.push_str("S\n");
    let inner = SIDE - 2.0 * (FRAME + MARGIN);
    let origin = FRAME + MARGIN;
    for Cell { glyph, left, bottom, width, height } in cells(name) {
        let (width, height) = (width * inner, height * inner);
        let (left, bottom) = (origin + left * inner, origin + bottom * inner);
        let own_width = if glyph.is_wide() { 1.0 } else { glyph.advance.max(0.1) };
        let path = glyph.path.map(|(x, y)| (left + x / own_width * width, bottom + y * height));
        let _ = writeln!(operators, "{} w", number(width.min(height) * BOLDER));
        path.write(&mut operators);
        operators.push_str("B\n");
    }
    Drawing { width: SIDE, height: SIDE, operators }
}
