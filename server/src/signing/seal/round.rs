//! An organisation's seal: a red ring, the name along its inside, a star in the middle.

use std::f64::consts::PI;
use std::fmt::Write;

use super::Drawing;
use super::font::Glyph;
use super::path::{Path, RED, number};

// The unit is the millimetre of a company seal, 42 across.
const RADIUS: f64 = 21.0;
const RING: f64 = 1.2;
/// Outer end of the characters.
const TEXT_RADIUS: f64 = RADIUS - RING - 1.1;
const STAR: f64 = 6.6;
/// Largest height of a character.
const TALLEST: f64 = 6.0;
/// How narrow a character may become before all of them become lower.
const NARROWEST: f64 = 0.5;
/// How wide a character is at most: seals condense them.
const WIDEST: f64 = 0.78;
/// How far apart characters may stand, in parts of their height.
const LOOSEST: f64 = 1.35;
/// The part of the circle that the name may take.
const ARC: f64 = 275.0 / 180.0 * PI;
/// The part of its room that a character fills.
const FILL: f64 = 0.94;
/// How much bolder the strokes become, in parts of a character's height.
const BOLDER: f64 = 0.022;

/// Draws the seal.
pub fn draw(name: &[Glyph]) -> Drawing {
    let centre = (RADIUS, RADIUS);
    let mut operators = format!("{RED} rg {RED} RG 1 j {} w\n", number(RING));
    Path::circle(centre, RADIUS - RING / 2.0).write(&mut operators);
    operators.push_str("S\n");
    Path::star(centre, STAR).write(&mut operators);
    operators.push_str("f\n");
    write_name(name, &mut operators);
    Drawing { width: 2.0 * RADIUS, height: 2.0 * RADIUS, operators }
}

/// Returns how much room a character asks for, in characters of full width.
fn weight(glyph: &Glyph) -> f64 {
    if glyph.is_wide() { 1.0 } else { (glyph.advance * 1.15).clamp(0.3, 1.0) }
}

/// Returns the height of the characters, and the angle that one of full width takes.
fn sizes(total: f64) -> (f64, f64) {
    let mut height = TALLEST;
    loop {
        let middle = TEXT_RADIUS - height / 2.0;
        let step = (ARC / total).min(height * LOOSEST / middle);
        let narrow = step * middle * FILL / height;
        if narrow >= NARROWEST || height < 1.0 {
            return (height, step);
        }
        height *= 0.97;
    }
}

fn write_name(name: &[Glyph], out: &mut String) {
    let total: f64 = name.iter().map(weight).sum();
    let (height, step) = sizes(total);
    let middle = TEXT_RADIUS - height / 2.0;
    let mut angle = -step * total / 2.0;
    let _ = writeln!(out, "{} w", number(height * BOLDER));
    for glyph in name {
        let room = step * weight(glyph);
        let own_width = if glyph.is_wide() { 1.0 } else { glyph.advance.max(0.1) };
        let width = (room * middle * FILL).min(height * WIDEST * own_width);
        let turn = angle + room / 2.0;
        let (sin, cos) = turn.sin_cos();
        // From the glyph's square to the seal: narrowed, its middle on the arc, upright to the centre.
        let path = glyph.path.map(|(x, y)| {
            let along = (x / own_width - 0.5) * width;
            let outwards = middle + (y - 0.5) * height;
            (RADIUS + outwards * sin + along * cos, RADIUS + outwards * cos - along * sin)
        });
        path.write(out);
        if !path.0.is_empty() {
            out.push_str("B\n");
        }
        angle += room;
    }
}
