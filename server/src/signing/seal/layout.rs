//! Where each character of a name stands in a square seal.

use super::font::Glyph;

/// A character's place, in parts of the seal's inner side, from its lower left corner.
#[derive(Debug)]
pub struct Cell<'a> {
    /// The character.
    pub glyph: &'a Glyph,
    /// Its left edge.
    pub left: f64,
    /// Its lower edge.
    pub bottom: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// Lays out a name: Chinese ones stand in columns from right to left, others in lines.
pub fn cells(name: &[Glyph]) -> Vec<Cell<'_>> {
    let chinese = name.iter().all(|glyph| glyph.is_wide() || glyph.is_divider());
    if chinese { columns(name) } else { lines(name) }
}

/// Returns the parts of a name between dots and blanks; none of them is empty.
fn parts(name: &[Glyph]) -> Vec<&[Glyph]> {
    name.split(Glyph::is_divider).filter(|part| !part.is_empty()).collect()
}

fn columns(name: &[Glyph]) -> Vec<Cell<'_>> {
    let parts = parts(name);
    let columns: Vec<&[Glyph]> = match parts.as_slice() {
        // A name in parts has a column for each, as long as none is out of proportion.
        [_, _, ..] if parts.len() <= 4 && parts.iter().all(|part| part.len() <= 6) => parts,
        [one] => in_columns(one),
        _ => in_columns(name),
    };
    let width = 1.0 / count(columns.len());
    let mut cells = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let height = 1.0 / count(column.len());
        let left = 1.0 - width * count(index + 1);
        for (row, glyph) in column.iter().enumerate().filter(|(_, glyph)| !glyph.path.0.is_empty()) {
            // A lone character over the whole seal, or one pulled long, would lose its shape.
            let (shown_width, shown_height) = (width.min(height * 1.7), height.min(width * 1.7));
            cells.push(Cell {
                glyph,
                left: left + (width - shown_width) / 2.0,
                bottom: 1.0 - height * count(row + 1) + (height - shown_height) / 2.0,
                width: shown_width,
                height: shown_height,
            });
        }
    }
    cells
}

/// Cuts a name into columns: the surname alone when there are three characters, as seal cutters do.
fn in_columns(name: &[Glyph]) -> Vec<&[Glyph]> {
    if let [_, _, _] = name {
        return vec![name.get(..1).unwrap_or_default(), name.get(1..).unwrap_or_default()];
    }
    let columns = (1..).find(|n| n * n >= name.len()).unwrap_or(1);
    // Two characters stand side by side, five to six in two columns.
    let rows = match name.len() {
        2 => 2,
        5 | 6 => 3,
        length => length.div_ceil(columns),
    };
    name.chunks(rows.max(1)).collect()
}

fn lines(name: &[Glyph]) -> Vec<Cell<'_>> {
    let lines = parts(name);
    let longest = lines.iter().map(|line| length(line)).fold(0.1, f64::max);
    // Narrowed to three quarters at most; beyond that, lower.
    let height = (1.0 / count(lines.len())).min(1.0 / (longest * 0.6));
    let used = height * count(lines.len());
    let mut top = 1.0 - (1.0 - used) / 2.0;
    let mut cells = Vec::new();
    for line in lines {
        let length = length(line);
        let wide = (height * length).min(0.98);
        let mut left = (1.0 - wide) / 2.0;
        for glyph in line {
            let width = wide * glyph.advance / length;
            if !glyph.path.0.is_empty() {
                cells.push(Cell { glyph, left, bottom: top - height, width, height });
            }
            left += width;
        }
        top -= height;
    }
    cells
}

fn length(line: &[Glyph]) -> f64 {
    line.iter().map(|glyph| glyph.advance).sum::<f64>().max(0.1)
}

/// Turns a small count into a number to divide by.
fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n.max(1)).unwrap_or(u32::MAX))
}
